// Decides, before `main`, whether this process is a user's program, a zygote or a worker.
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

// Defined by the Swift module `Roost`. Weak: programs that link only the layers below have no workers.
extern void roost_worker_entry(int socket) __attribute__((weak));

// The linker's bounds of the executable's constructors.
extern void (*__init_array_start[])(int, char **, char **) __attribute__((visibility("hidden"), weak));
extern void (*__init_array_end[])(int, char **, char **) __attribute__((visibility("hidden"), weak));

static void roost_decide_role(int argc, char **argv, char **envp);

__attribute__((constructor, used)) static void roost_role_constructor(int argc, char **argv, char **envp) {
    roost_decide_role(argc, argv, envp);
}

// In a statically linked program our constructor can come before those of libdispatch or of the
// Swift runtime; a worker never returns from it, so it runs what is left of the list first.
static void run_remaining_constructors(int argc, char **argv, char **envp) {
    size_t count = (size_t)(__init_array_end - __init_array_start);
    int reached = 0;
    for (size_t i = 0; i < count; i++) {
        if (reached) {
            __init_array_start[i](argc, argv, envp);
        } else if ((void *)__init_array_start[i] == (void *)roost_role_constructor) {
            reached = 1;
        }
    }
}

void roost_die_with_node(pid_t node) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The node may have died before the line above took effect.
    if (getppid() != node) _exit(0);
}

_Noreturn void roost_become_worker(int argc, char **argv, char **envp) {
    unsetenv(ROOST_ROLE_VARIABLE);
    unsetenv(ROOST_NODE_VARIABLE);
    prctl(PR_SET_NAME, "roost-worker");
    run_remaining_constructors(argc, argv, envp);
    if (roost_worker_entry) roost_worker_entry(ROOST_SOCKET_FD);
    _exit(70);  // EX_SOFTWARE: linked without the module that knows how to be a worker
}

static void roost_decide_role(int argc, char **argv, char **envp) {
    const char *role = getenv(ROOST_ROLE_VARIABLE);
    if (!role) return;
    const char *node_text = getenv(ROOST_NODE_VARIABLE);
    pid_t node = node_text ? (pid_t)atoi(node_text) : -1;
    if (strcmp(role, "zygote") == 0) {
        roost_die_with_node(node);
        roost_run_zygote(node, argc, argv, envp);
    }
    if (strcmp(role, "worker") == 0) {
        setsid();
        roost_die_with_node(node);
        roost_become_worker(argc, argv, envp);
    }
}

// ---- Starting a role from the node -------------------------------------------------------------

static char **role_environment(const char *role, char *role_entry, size_t role_size, char *node_entry,
                               size_t node_size) {
    size_t count = 0;
    int has_backtrace = 0;
    while (environ[count]) {
        if (strncmp(environ[count], "SWIFT_BACKTRACE=", 16) == 0) has_backtrace = 1;
        count++;
    }
    char **result = calloc(count + 4, sizeof(char *));
    if (!result) return NULL;
    snprintf(role_entry, role_size, ROOST_ROLE_VARIABLE "=%s", role);
    snprintf(node_entry, node_size, ROOST_NODE_VARIABLE "=%d", (int)getpid());
    size_t n = 0;
    result[n++] = role_entry;
    result[n++] = node_entry;
    // A backtrace takes seconds, during which callers would wait for the socket to end.
    if (!has_backtrace) result[n++] = "SWIFT_BACKTRACE=enable=no";
    for (size_t i = 0; i < count; i++) {
        if (strncmp(environ[i], ROOST_ROLE_VARIABLE "=", strlen(ROOST_ROLE_VARIABLE) + 1) == 0) continue;
        if (strncmp(environ[i], ROOST_NODE_VARIABLE "=", strlen(ROOST_NODE_VARIABLE) + 1) == 0) continue;
        result[n++] = environ[i];
    }
    return result;
}

int roost_spawn_role(const char *role, int socket, int crashes, int output, int error_output, pid_t *pid) {
    char role_entry[64], node_entry[64];
    char **environment = role_environment(role, role_entry, sizeof role_entry, node_entry, sizeof node_entry);
    if (!environment) return ENOMEM;

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (error_output >= 0) posix_spawn_file_actions_adddup2(&actions, error_output, 2);
    // Moved out of the way first, since one may already have its number and keep its close-on-exec flag, or
    // the other's.
    int moved = fcntl(socket, F_DUPFD_CLOEXEC, 64);
    int moved_crashes = fcntl(crashes, F_DUPFD_CLOEXEC, 64);
    posix_spawn_file_actions_adddup2(&actions, moved, ROOST_SOCKET_FD);
    posix_spawn_file_actions_adddup2(&actions, moved_crashes, ROOST_CRASH_FD);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, ROOST_CRASH_FD + 1);

    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    char name[32];
    snprintf(name, sizeof name, "roost-%s", role);
    char *arguments[] = {name, NULL};
    int error = moved < 0 || moved_crashes < 0
                    ? errno
                    : posix_spawn(pid, "/proc/self/exe", &actions, &attributes, arguments, environment);

    if (moved >= 0) close(moved);
    if (moved_crashes >= 0) close(moved_crashes);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(environment);
    return error;
}
