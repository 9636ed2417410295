// The zygote: forks workers on request. Single-threaded, never runs user code, and Swift only to warm up.
//
// Why it exists: the cost of a fork grows with the parent, and a program with threads cannot be forked
// safely at all. This process is small and has one thread.
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAXIMUM_DESCRIPTORS 4

// Where the C library keeps this thread's id. A raw clone must update it in the child, or mutexes and
// signals to the own thread go wrong there.
static int *thread_id_address(void) {
    int *address = NULL;
    if (prctl(PR_GET_TID_ADDRESS, &address) != 0) return NULL;
    return address;
}

// CLONE_PARENT makes the worker the *node's* child: the node waits for it and gets its SIGCHLD, and the
// parent-death signal follows the node, not this process.
pid_t roost_fork_for_node(void) {
    int *thread_id = thread_id_address();
    if (!thread_id) {
        errno = ENOSYS;
        return -1;
    }
    struct clone_args arguments;
    memset(&arguments, 0, sizeof arguments);
    arguments.flags = CLONE_PARENT | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
    arguments.child_tid = (uint64_t)(uintptr_t)thread_id;
    return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

// Gives the worker its socket on 3 and, if asked, its own standard output and error.
static void take_descriptors(const int *descriptors, int count) {
    int socket = descriptors[0];
    if (count > 1) dup2(descriptors[1], STDOUT_FILENO);
    if (count > 2) dup2(descriptors[2], STDERR_FILENO);
    // Replaces the zygote's own socket, which must not stay open in a worker.
    if (socket != ROOST_SOCKET_FD) dup2(socket, ROOST_SOCKET_FD);
    for (int i = 0; i < count; i++) {
        if (descriptors[i] > ROOST_SOCKET_FD) close(descriptors[i]);
    }
    fcntl(ROOST_SOCKET_FD, F_SETFD, FD_CLOEXEC);
}

_Noreturn void roost_run_zygote(pid_t node, int argc, char **argv, char **envp) {
    // A session of its own: the terminal's Ctrl-C and hang-up go to the node, which decides.
    setsid();
    prctl(PR_SET_NAME, "roost-zygote");
    fcntl(ROOST_SOCKET_FD, F_SETFD, FD_CLOEXEC);
    fcntl(ROOST_SOCKET_FD, F_SETFL, 0);  // blocking: waiting for requests is all it does
    // What arrives must not take the place of a standard stream that the node has closed.
    int lowest = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (lowest >= 0 && lowest <= STDERR_FILENO) lowest = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (lowest >= 0) close(lowest);
    roost_warm_up(argc, argv, envp);

    for (;;) {
        roost_fork_request request;
        int descriptors[MAXIMUM_DESCRIPTORS];
        int count = MAXIMUM_DESCRIPTORS;
        ssize_t received =
            roost_receive(ROOST_SOCKET_FD, &request, sizeof request, descriptors, &count, 0);
        if (received < 0 && errno == EINTR) continue;
        if (received != (ssize_t)sizeof request || count < 1) _exit(0);

        roost_fork_reply reply = {.request = request.request, .pid = -1, .error = 0};
        pid_t pid = roost_fork_for_node();
        if (pid == 0) {
            roost_die_with_node(node);
            take_descriptors(descriptors, count);
            roost_become_worker(argc, argv, envp);
        }
        if (pid < 0) reply.error = errno;
        reply.pid = pid;
        for (int i = 0; i < count; i++) close(descriptors[i]);
        if (roost_send(ROOST_SOCKET_FD, &reply, sizeof reply, NULL, 0) < 0) _exit(0);
    }
}
