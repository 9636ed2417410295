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

// What LD_BIND_NOW is set to by a node; any value means the same to the dynamic linker.
#define ROOST_BIND_NOW "roost"

// Defined by the Swift module `Roost`. Weak: programs that link only the layers below have no workers.
extern void roost_worker_entry(int socket) __attribute__((weak));
extern void roost_zygote_warm_up(void) __attribute__((weak));

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
    static int done = 0;
    if (done) return;
    done = 1;
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

// The runtime has read its settings by now. Programs that the worker starts are to have the node's.
static void take_backtrace_settings(void) {
    const char *seconds = getenv(ROOST_BACKTRACES_VARIABLE);
    const char *inherited = getenv(ROOST_INHERITED_BACKTRACE_VARIABLE);
    if (seconds) roost_make_backtraces((unsigned)atoi(seconds));
    if (inherited) setenv("SWIFT_BACKTRACE", inherited, 1);
    unsetenv(ROOST_BACKTRACES_VARIABLE);
    unsetenv(ROOST_INHERITED_BACKTRACE_VARIABLE);
}

void roost_warm_up(int argc, char **argv, char **envp) {
    run_remaining_constructors(argc, argv, envp);
    if (roost_zygote_warm_up) roost_zygote_warm_up();
}

_Noreturn void roost_become_worker(int argc, char **argv, char **envp) {
    unsetenv(ROOST_ROLE_VARIABLE);
    unsetenv(ROOST_NODE_VARIABLE);
    prctl(PR_SET_NAME, "roost-worker");
    run_remaining_constructors(argc, argv, envp);
    take_backtrace_settings();
    if (roost_worker_entry) roost_worker_entry(ROOST_SOCKET_FD);
    _exit(70);  // EX_SOFTWARE: linked without the module that knows how to be a worker
}

// The dynamic linker has read it by now, and what workers start is to have the node's environment.
static void forget_binding(void) {
    const char *value = getenv("LD_BIND_NOW");
    if (value && strcmp(value, ROOST_BIND_NOW) == 0) unsetenv("LD_BIND_NOW");
}

static void roost_decide_role(int argc, char **argv, char **envp) {
    const char *role = getenv(ROOST_ROLE_VARIABLE);
    if (!role) return;
    const char *node_text = getenv(ROOST_NODE_VARIABLE);
    pid_t node = node_text ? (pid_t)atoi(node_text) : -1;
    if (strcmp(role, "zygote") == 0) {
        forget_binding();
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

// The entries of an environment that are made for the process, beside those of the node's.
typedef struct {
    char role[64], node[64], seconds[64];
    char *settings, *inherited;
    int binds_now;
} role_entries;

static int begins(const char *entry, const char *name) {
    size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

static int is_ours(const char *entry) {
    return begins(entry, ROOST_ROLE_VARIABLE) || begins(entry, ROOST_NODE_VARIABLE) ||
           begins(entry, ROOST_BACKTRACES_VARIABLE) || begins(entry, ROOST_INHERITED_BACKTRACE_VARIABLE) ||
           begins(entry, "SWIFT_BACKTRACE");
}

static int make_entries(role_entries *entries, const char *role, const roost_role_start *start) {
    memset(entries, 0, sizeof *entries);
    snprintf(entries->role, sizeof entries->role, ROOST_ROLE_VARIABLE "=%s", role);
    snprintf(entries->node, sizeof entries->node, ROOST_NODE_VARIABLE "=%d", (int)getpid());
    // The functions of libraries are looked up once, in the zygote, and not by every worker for itself.
    entries->binds_now = strcmp(role, "zygote") == 0 && !getenv("LD_BIND_NOW");
    // Unless somebody asks for it, a crash is to take no longer than it must.
    const char *inherited = getenv("SWIFT_BACKTRACE");
    if (!inherited) inherited = "enable=no";
    const char *settings = start->backtrace_settings ? start->backtrace_settings : inherited;
    if (asprintf(&entries->settings, "SWIFT_BACKTRACE=%s", settings) < 0) return ENOMEM;
    if (!start->backtrace_settings) return 0;
    snprintf(entries->seconds, sizeof entries->seconds, ROOST_BACKTRACES_VARIABLE "=%u", start->backtrace_seconds);
    if (asprintf(&entries->inherited, ROOST_INHERITED_BACKTRACE_VARIABLE "=%s", inherited) < 0) return ENOMEM;
    return 0;
}

static char **role_environment(role_entries *entries) {
    size_t count = 0;
    while (environ[count]) count++;
    char **result = calloc(count + 7, sizeof(char *));
    if (!result) return NULL;
    size_t n = 0;
    result[n++] = entries->role;
    result[n++] = entries->node;
    result[n++] = entries->settings;
    if (entries->inherited) {
        result[n++] = entries->seconds;
        result[n++] = entries->inherited;
    }
    if (entries->binds_now) result[n++] = "LD_BIND_NOW=" ROOST_BIND_NOW;
    for (size_t i = 0; i < count; i++) {
        if (!is_ours(environ[i])) result[n++] = environ[i];
    }
    return result;
}

static int spawn_role(const char *role, const roost_role_start *start, char **environment, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (start->output >= 0) posix_spawn_file_actions_adddup2(&actions, start->output, 1);
    if (start->error_output >= 0) posix_spawn_file_actions_adddup2(&actions, start->error_output, 2);
    // Moved out of the way first, since one may already have its number and keep its close-on-exec flag, or
    // the other's.
    int moved = fcntl(start->socket, F_DUPFD_CLOEXEC, 64);
    int moved_crashes = fcntl(start->crashes, F_DUPFD_CLOEXEC, 64);
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
    return error;
}

int roost_spawn_role(const char *role, const roost_role_start *start, pid_t *pid) {
    role_entries entries;
    char **environment = NULL;
    int error = make_entries(&entries, role, start);
    if (!error) environment = role_environment(&entries);
    if (!error) error = environment ? spawn_role(role, start, environment, pid) : ENOMEM;
    free(environment);
    free(entries.settings);
    free(entries.inherited);
    return error;
}
