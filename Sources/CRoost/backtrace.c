// The copy of a crashed worker: all it does is to let the Swift runtime make a backtrace of it.
//
// The runtime's handler starts `swift-backtrace`, which reads the memory of the process through a socket to
// a thread in it, and writes to the standard error that it was given. It never ends if that process dies
// first. So the copy and what the runtime starts are a process group of their own, which ends as one: when
// the node says so, when the node dies, or when the time is up and nobody has said so.
#include "internal.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

// ---- Where the backtrace begins ----------------------------------------------------------------

// The runtime follows frame pointers, and the C library has none: from the depths of `abort` it finds
// nobody, and from `memcpy` it misses the function that called it. So it is shown the first frame outside.

#if defined(__x86_64__)
#define FRAME_POINTER_NUMBER 6
static uintptr_t *counter(ucontext_t *context) {
    return (uintptr_t *)&context->uc_mcontext.gregs[REG_RIP];
}
static void set_frame(ucontext_t *context, uintptr_t stack, uintptr_t frame) {
    context->uc_mcontext.gregs[REG_RSP] = (greg_t)stack;
    context->uc_mcontext.gregs[REG_RBP] = (greg_t)frame;
}
#elif defined(__aarch64__)
#define FRAME_POINTER_NUMBER 29
static uintptr_t *counter(ucontext_t *context) {
    return (uintptr_t *)&context->uc_mcontext.pc;
}
static void set_frame(ucontext_t *context, uintptr_t stack, uintptr_t frame) {
    context->uc_mcontext.sp = stack;
    context->uc_mcontext.regs[29] = frame;
}
#endif

#ifdef FRAME_POINTER_NUMBER
typedef struct {
    ucontext_t *context;
    const void *library;
    int is_reached;  // the frame that crashed
} frame_search;

static const void *library_of(uintptr_t address) {
    Dl_info information;
    return dladdr((void *)address, &information) ? information.dli_fbase : NULL;
}

static _Unwind_Reason_Code visit(struct _Unwind_Context *frame, void *argument) {
    frame_search *search = argument;
    uintptr_t address = _Unwind_GetIP(frame);
    if (!search->is_reached) {
        if (address != *counter(search->context)) return _URC_NO_REASON;
        search->is_reached = 1;
        return library_of(address) == search->library ? _URC_NO_REASON : _URC_END_OF_STACK;
    }
    // What follows a call that never returns may belong to another function.
    if (library_of(address - 1) == search->library) return _URC_NO_REASON;
    *counter(search->context) = address - 1;
    set_frame(search->context, _Unwind_GetCFA(frame), _Unwind_GetGR(frame, FRAME_POINTER_NUMBER));
    return _URC_END_OF_STACK;
}

static void leave_c_library(ucontext_t *context) {
    void *known = dlsym(RTLD_DEFAULT, "abort");
    frame_search search = {.context = context, .library = library_of((uintptr_t)known)};
    if (search.library) _Unwind_Backtrace(visit, &search);
}
#else
static void leave_c_library(ucontext_t *context) {
    (void)context;
}
#endif

// ---- The copy's life ---------------------------------------------------------------------------

static void end_group(int signal) {
    (void)signal;
    kill(0, SIGKILL);
}

static void end_as_a_group(const roost_copy_order *order) {
    setpgid(0, 0);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = end_group;
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != order->node) _exit(0);
    // The node is first, unless it has never heard of this.
    alarm(order->seconds + 5);
}

// Nothing but the pipe: sockets and streams of the worker that stayed open here would hide its end.
static void keep_only_pipe(const int *pipe) {
    unsigned kept = (unsigned)pipe[0];
    dup2(pipe[1], STDOUT_FILENO);
    dup2(pipe[1], STDERR_FILENO);
    if (kept > 3) syscall(SYS_close_range, 3u, kept - 1, 0u);
    syscall(SYS_close_range, kept < 3 ? 3u : kept + 1, ~0u, 0u);
}

// As the kernel would have, for the runtime's handler: faults in it are fatal, and all else waits but the
// group's end.
static void set_signal_mask(void) {
    static const int open[] = {SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP, SIGTERM, SIGALRM};
    sigset_t mask;
    sigfillset(&mask);
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) sigdelset(&mask, open[i]);
    sigprocmask(SIG_SETMASK, &mask, NULL);
}

_Noreturn void roost_be_backtraced(const roost_copy_order *order) {
    prctl(PR_SET_NAME, "roost-backtrace");
    end_as_a_group(order);
    keep_only_pipe(order->pipe);
    set_signal_mask();
    ucontext_t context = *(ucontext_t *)order->context;
    leave_c_library(&context);
    order->runtime(order->signal, order->information, &context);
    // The node sees the end of the pipe, and ends this.
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    for (;;) pause();
}
