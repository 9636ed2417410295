// SIGCHLD and waiting for children.
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __WNOTHREAD
#define __WNOTHREAD 0x20000000
#endif

#define MAXIMUM_WATCHERS 1024

// One more than the descriptor, so that the zeroed table is empty. Read by a signal handler: atomics only.
static _Atomic int watchers[MAXIMUM_WATCHERS];
static struct sigaction previous_action;
static pthread_once_t installed = PTHREAD_ONCE_INIT;
static int install_error;

static void child_changed(int signal, siginfo_t *information, void *context) {
    int saved = errno;
    for (int i = 0; i < MAXIMUM_WATCHERS; i++) {
        int descriptor = atomic_load_explicit(&watchers[i], memory_order_acquire) - 1;
        if (descriptor >= 0) {
            uint64_t one = 1;
            (void)!write(descriptor, &one, sizeof one);
        }
    }
    if (previous_action.sa_flags & SA_SIGINFO) {
        if (previous_action.sa_sigaction) previous_action.sa_sigaction(signal, information, context);
    } else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN) {
        previous_action.sa_handler(signal);
    }
    errno = saved;
}

static void install(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = child_changed;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    install_error = sigaction(SIGCHLD, &action, &previous_action) == 0 ? 0 : errno;
}

int roost_watch_children(int eventfd) {
    pthread_once(&installed, install);
    if (install_error) return install_error;
    for (int i = 0; i < MAXIMUM_WATCHERS; i++) {
        int empty = 0;
        if (atomic_compare_exchange_strong(&watchers[i], &empty, eventfd + 1)) return 0;
    }
    return ENOSPC;
}

void roost_unwatch_children(int eventfd) {
    for (int i = 0; i < MAXIMUM_WATCHERS; i++) {
        int expected = eventfd + 1;
        atomic_compare_exchange_strong(&watchers[i], &expected, 0);
    }
}

static int change_from(const siginfo_t *information, roost_child_change *change) {
    if (information->si_pid == 0) return 0;
    change->pid = information->si_pid;
    change->code = information->si_code;
    change->status = information->si_status;
    return 1;
}

int roost_next_child_change(roost_child_change *change, int exited) {
    siginfo_t information;
    memset(&information, 0, sizeof information);
    // __WNOTHREAD: only what this thread started. The user's own children are none of our business.
    int options = WSTOPPED | WCONTINUED | WNOHANG | __WNOTHREAD | (exited ? WEXITED : 0);
    if (syscall(SYS_waitid, P_ALL, 0, &information, options, NULL) != 0) {
        return errno == ECHILD ? 0 : -errno;
    }
    return change_from(&information, change);
}

int roost_reap(pid_t pid, roost_child_change *change) {
    siginfo_t information;
    memset(&information, 0, sizeof information);
    if (waitid(P_PID, (id_t)pid, &information, WEXITED | WNOHANG) != 0) return -errno;
    return change_from(&information, change);
}

int roost_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int roost_memfd_create(const char *name, unsigned flags) {
    return memfd_create(name, flags);
}

void roost_block_signals(void) {
    sigset_t all;
    sigfillset(&all);
    // Faults of this very thread must still reach their handlers.
    int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
}

void roost_line_buffer_output(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
}

void roost_flush_output(void) {
    fflush(NULL);
}

void roost_name_thread(const char *name) {
    prctl(PR_SET_NAME, name);
}
