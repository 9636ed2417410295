// What the C files share among themselves.
#ifndef CROOST_INTERNAL_H
#define CROOST_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "CRoost.h"

#include <signal.h>

/// Asks for SIGKILL when the node's thread that started this process ends, and checks it still lives.
void roost_die_with_node(pid_t node);

/// Serves fork requests on descriptor 3 until the node closes it.
_Noreturn void roost_run_zygote(pid_t node, int argc, char **argv, char **envp);

/// Finishes loading the program and enters the Swift worker, with its socket on descriptor 3.
_Noreturn void roost_become_worker(int argc, char **argv, char **envp);

// Has the Swift runtime build in the zygote what every worker would build for itself.
void roost_warm_up(int argc, char **argv, char **envp);

/// Forks a child of the *node's*, of which this process is one; single-threaded, whatever this one is.
pid_t roost_fork_for_node(void);

/// Says how long a backtrace of this process, a worker, may take in seconds; 0: none is made.
void roost_make_backtraces(unsigned seconds);

/// What a copy of a crashed worker is made for.
typedef struct {
    pid_t node;      // the parent of both
    int pipe[2];     // for the backtrace
    unsigned seconds;
    void (*runtime)(int, siginfo_t *, void *);  // the Swift runtime's handler
    int signal;
    siginfo_t *information;
    void *context;
} roost_copy_order;

/// Has the Swift runtime make a backtrace of this process, a copy of a crashed worker; then waits for the
/// node to end it.
_Noreturn void roost_be_backtraced(const roost_copy_order *order);

#endif
