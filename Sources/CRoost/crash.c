// What a worker says in the moment it crashes: which message it was serving.
//
// The handler only copies a few words that are always up to date and writes them to a pipe. Then the signal
// takes the course it would have taken without it: Swift's backtracer, a core dump, or just the end.
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HIGHEST_SIGNAL 64

// Written by the one thread of a worker, and read by the handler on that very thread.
static roost_serving serving;
static int is_tracking;

static struct sigaction previous[HIGHEST_SIGNAL + 1];
static _Atomic int has_told;

static void tell(int signal) {
    roost_crash_record record;
    memset(&record, 0, sizeof record);
    record.magic = ROOST_CRASH_MAGIC;
    record.pid = getpid();
    record.signal = signal;
    record.is_tracking = (uint32_t)is_tracking;
    record.waiting = serving.waiting;
    record.count = serving.count;
    if (serving.target) {
        record.has_target = 1;
        record.has_sender = serving.has_sender;
        record.sender_owner = serving.sender_owner;
        record.sender_number = serving.sender_number;
        for (size_t i = 0; i < sizeof record.target - 1 && serving.target[i]; i++) {
            record.target[i] = serving.target[i];
        }
    }
    (void)!write(ROOST_CRASH_FD, &record, sizeof record);
}

static void crashed(int signal, siginfo_t *information, void *context) {
    (void)context;
    int saved = errno;
    if (atomic_exchange(&has_told, 1) == 0) tell(signal);
    sigaction(signal, &previous[signal], NULL);
    // A fault happens again when this returns, with its registers as they were. What was sent does not,
    // and neither do traps after which the program goes on.
    if (information->si_code <= 0 || signal == SIGTRAP) {
        syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), signal);
    }
    errno = saved;
}

// For a stack that has overflowed; 64 KiB hold the registers of any processor. The backtracer brings its own.
static void give_alternate_stack(void) {
    static _Alignas(64) char room[64 * 1024];
    stack_t stack;
    if (sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE)) return;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = room;
    stack.ss_size = sizeof room;
    sigaltstack(&stack, NULL);
}

void roost_record_crashes(void) {
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
    // Programs that the worker starts have no business with it.
    if (fcntl(ROOST_CRASH_FD, F_SETFD, FD_CLOEXEC) != 0) return;
    give_alternate_stack();
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = crashed;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], &action, &previous[signals[i]]);
    }
}

void roost_serving_track(void) {
    is_tracking = 1;
}

int roost_serving_is_tracked(void) {
    return is_tracking;
}

void roost_serving_begin(const char *target, uint64_t sender_owner, uint64_t sender_number, uint32_t has_sender) {
    serving.target = target;
    serving.sender_owner = sender_owner;
    serving.sender_number = sender_number;
    serving.has_sender = has_sender;
    serving.count++;
}

void roost_serving_waiting(uint32_t waiting) {
    serving.waiting = waiting;
}

roost_serving roost_serving_now(void) {
    return serving;
}

void roost_serving_again(roost_serving outer) {
    serving.target = outer.target;
    serving.sender_owner = outer.sender_owner;
    serving.sender_number = outer.sender_number;
    serving.has_sender = outer.has_sender;
}

void roost_serving_end(void) {
    serving.target = NULL;
}

int roost_crash_pipe(int *reading, int *writing) {
    int ends[2];
    // Packets: bytes that are no record spoil no other. Nonblocking: a crash waits for nobody.
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK | O_DIRECT) != 0) return errno;
    // Each packet takes a page: room for many crashes at once, where it is granted.
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

int roost_next_crash(int pipe, roost_crash_record *record) {
    for (;;) {
        ssize_t count = read(pipe, record, sizeof *record);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        if (count == (ssize_t)sizeof *record && record->magic == ROOST_CRASH_MAGIC) {
            record->target[sizeof record->target - 1] = 0;
            return 1;
        }
    }
}
