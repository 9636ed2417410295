// The signals a node hears of: SIGCHLD and SIGTERM.
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAXIMUM_WATCHERS 1024

// One more than the descriptor, so that the zeroed table is empty. Read by a signal handler: atomics only.
typedef _Atomic int watcher_table[MAXIMUM_WATCHERS];

static int add_watcher(watcher_table table, int eventfd) {
    for (int i = 0; i < MAXIMUM_WATCHERS; i++) {
        int empty = 0;
        if (atomic_compare_exchange_strong(&table[i], &empty, eventfd + 1)) return 0;
    }
    return ENOSPC;
}

static void remove_watcher(watcher_table table, int eventfd) {
    for (int i = 0; i < MAXIMUM_WATCHERS; i++) {
        int expected = eventfd + 1;
        atomic_compare_exchange_strong(&table[i], &expected, 0);
    }
}

static void tell(int eventfd) {
    uint64_t one = 1;
    (void)!write(eventfd, &one, sizeof one);
}

static int tell_watchers(watcher_table table) {
    int told = 0;
    for (int i = 0; i < MAXIMUM_WATCHERS; i++) {
        // Sequentially consistent: either this sees that a watcher is gone, or that one sees the signal.
        int descriptor = atomic_load(&table[i]) - 1;
        if (descriptor < 0) continue;
        tell(descriptor);
        told++;
    }
    return told;
}

static int install(int signal, void (*handler)(int, siginfo_t *, void *), struct sigaction *previous) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    return sigaction(signal, &action, previous) == 0 ? 0 : errno;
}

// ---- SIGCHLD -----------------------------------------------------------------------------------

static watcher_table child_watchers;
static struct sigaction previous_action;
static pthread_once_t child_once = PTHREAD_ONCE_INIT;
static int child_error;

static void child_changed(int signal, siginfo_t *information, void *context) {
    int saved = errno;
    tell_watchers(child_watchers);
    if (previous_action.sa_flags & SA_SIGINFO) {
        if (previous_action.sa_sigaction) previous_action.sa_sigaction(signal, information, context);
    } else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN) {
        previous_action.sa_handler(signal);
    }
    errno = saved;
}

static void install_child_changed(void) { child_error = install(SIGCHLD, child_changed, &previous_action); }

int roost_watch_children(int eventfd) {
    pthread_once(&child_once, install_child_changed);
    return child_error ? child_error : add_watcher(child_watchers, eventfd);
}

void roost_unwatch_children(int eventfd) { remove_watcher(child_watchers, eventfd); }

// ---- SIGTERM -----------------------------------------------------------------------------------

static watcher_table termination_watchers;
static _Atomic int is_terminating;
static pthread_mutex_t termination_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int is_ending;

// The program's `main` may return while another thread ends the program by the signal. Both write what has been
// printed, and at the exit the C library does so without a lock: one of them only.
static void wait_for_termination(void) {
    while (atomic_load(&is_ending)) pause();
}

static void terminated(int signal_number, siginfo_t *information, void *context) {
    (void)information;
    (void)context;
    int saved = errno;
    atomic_store(&is_terminating, 1);
    if (tell_watchers(termination_watchers) == 0) {
        // Nobody has anything to bring to an end: it comes when this handler returns.
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
    errno = saved;
}

int roost_watch_termination(int eventfd) {
    pthread_mutex_lock(&termination_lock);
    struct sigaction present;
    int error = sigaction(SIGTERM, NULL, &present) == 0 ? 0 : errno;
    if (!error && (!(present.sa_flags & SA_SIGINFO) || present.sa_sigaction != terminated)) {
        // What the program does about the signal is its own business, also to ignore it.
        int is_default = !(present.sa_flags & SA_SIGINFO) && present.sa_handler == SIG_DFL;
        error = is_default ? install(SIGTERM, terminated, NULL) : EBUSY;
        if (!error) atexit(wait_for_termination);
    }
    if (!error) error = add_watcher(termination_watchers, eventfd);
    // Too late for the signal, in time for its consequence.
    if (!error && atomic_load(&is_terminating)) tell(eventfd);
    pthread_mutex_unlock(&termination_lock);
    return error;
}

void roost_unwatch_termination(int eventfd) { remove_watcher(termination_watchers, eventfd); }

void roost_terminate(void) {
    if (!atomic_load(&is_terminating)) return;
    for (int i = 0; i < MAXIMUM_WATCHERS; i++) {
        if (atomic_load(&termination_watchers[i])) return;
    }
    // Of several that were the last, one: the others would end the process while this one still flushes.
    if (atomic_exchange(&is_ending, 1)) return;
    // What the program has printed is not lost, unless a thread hangs in the middle of printing.
    if (ftrylockfile(stdout) == 0) {
        fflush_unlocked(stdout);
        funlockfile(stdout);
    }
    signal(SIGTERM, SIG_DFL);
    sigset_t termination;
    sigemptyset(&termination);
    sigaddset(&termination, SIGTERM);
    pthread_sigmask(SIG_UNBLOCK, &termination, NULL);
    raise(SIGTERM);
    // Process 1 gets no signal that it does not handle.
    _exit(128 + SIGTERM);
}

// ---- Threads -----------------------------------------------------------------------------------

void roost_block_signals(void) {
    sigset_t all;
    sigfillset(&all);
    // Faults of this very thread must still reach their handlers.
    int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&all, faults[i]);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
}
