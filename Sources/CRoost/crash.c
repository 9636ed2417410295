// What a worker says in the moment it crashes: which message it was serving.
//
// The handler only copies a few words that are always up to date and writes them to a pipe. Then the signal
// takes the course it would have taken without it: Swift's backtracer, a core dump, or just the end.
//
// Where the node has asked for backtraces, the process forks a copy of itself for that, with the crashed
// thread in it, and ends at once: nobody who waits for its end, or for its successor, waits for a backtrace.
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
static _Atomic pid_t teller;

static unsigned backtrace_seconds;
static pid_t worker;

static void tell(int signal, int makes_backtrace) {
    roost_crash_record record;
    memset(&record, 0, sizeof record);
    record.magic = ROOST_CRASH_MAGIC;
    record.pid = getpid();
    record.signal = signal;
    record.is_tracking = (uint32_t)is_tracking;
    record.makes_backtrace = (uint32_t)makes_backtrace;
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

// Whether the signal was the Swift runtime's, which has found its backtracer then. Forks of the worker's own
// are no children of the node, and nobody would end their copies.
static int makes_backtrace(int signal) {
    return backtrace_seconds > 0 && getpid() == worker && previous[signal].sa_flags & SA_SIGINFO &&
           previous[signal].sa_sigaction;
}

static void copy_for_backtrace(int signal, siginfo_t *information, void *context) {
    roost_copy_record record;
    memset(&record, 0, sizeof record);
    record.magic = ROOST_COPY_MAGIC;
    record.pid = worker;
    roost_copy_order order = {
        .node = getppid(),
        .seconds = backtrace_seconds,
        .runtime = previous[signal].sa_sigaction,
        .signal = signal,
        .information = information,
        .context = context,
    };
    if (pipe2(order.pipe, O_CLOEXEC) != 0) {
        record.copy = -1;
    } else if (order.pipe[0] <= STDERR_FILENO || order.pipe[1] <= STDERR_FILENO) {
        // The worker has closed its standard streams, and the pipe would be in its own way.
        record.copy = -1;
        errno = EBADF;
    } else {
        record.descriptor = order.pipe[0];
        record.copy = roost_fork_for_node();
        if (record.copy == 0) roost_be_backtraced(&order);
    }
    if (record.copy < 0) record.error = errno;
    int is_told = write(ROOST_CRASH_FD, &record, sizeof record) == (ssize_t)sizeof record;
    // Nobody else would end it.
    if (!is_told && record.copy > 0) kill(record.copy, SIGKILL);
}

static void crashed(int signal, siginfo_t *information, void *context) {
    int saved = errno;
    pid_t thread = (pid_t)syscall(SYS_gettid), nobody = 0;
    struct sigaction next = previous[signal];
    int makes = makes_backtrace(signal);
    if (atomic_compare_exchange_strong(&teller, &nobody, thread)) {
        tell(signal, makes);
        if (makes) copy_for_backtrace(signal, information, context);
    } else if (makes && nobody != thread) {
        // Another thread is at it, and ends the process when it is done.
        for (;;) pause();
    }
    if (makes) next.sa_handler = SIG_DFL;
    sigaction(signal, &next, NULL);
    // A fault happens again when this returns, with its registers as they were. What was sent does not,
    // and neither do traps after which the program goes on.
    if (information->si_code <= 0 || signal == SIGTRAP) syscall(SYS_tgkill, getpid(), thread, signal);
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
    worker = getpid();
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

void roost_make_backtraces(unsigned seconds) {
    backtrace_seconds = seconds;
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

int roost_next_crash(int pipe, roost_crash_record *crash, roost_copy_record *copy) {
    union {
        uint32_t magic;
        roost_crash_record crash;
        roost_copy_record copy;
    } record;
    for (;;) {
        ssize_t count = read(pipe, &record, sizeof record);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        if (count == (ssize_t)sizeof record.crash && record.magic == ROOST_CRASH_MAGIC) {
            *crash = record.crash;
            crash->target[sizeof crash->target - 1] = 0;
            return 1;
        }
        if (count == (ssize_t)sizeof record.copy && record.magic == ROOST_COPY_MAGIC) {
            *copy = record.copy;
            return 2;
        }
    }
}
