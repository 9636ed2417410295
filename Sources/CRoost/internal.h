// What the C files share among themselves.
#ifndef CROOST_INTERNAL_H
#define CROOST_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "CRoost.h"

/// Asks for SIGKILL when the node's thread that started this process ends, and checks it still lives.
void roost_die_with_node(pid_t node);

/// Serves fork requests on descriptor 3 until the node closes it.
_Noreturn void roost_run_zygote(pid_t node, int argc, char **argv, char **envp);

/// Finishes loading the program and enters the Swift worker, with its socket on descriptor 3.
_Noreturn void roost_become_worker(int argc, char **argv, char **envp);

#endif
