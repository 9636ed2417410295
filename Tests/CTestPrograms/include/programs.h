// How the tests start programs.
#pragma once

#include <sys/types.h>

/// Starts a program with no other descriptor than its standard streams, no signal blocked, and every signal as it
/// is by default.
///
/// `directory` may be null, and a stream -1: what this process has. Returns an error number, 0 for none.
int test_start_program(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    const int streams[3], pid_t *pid);

/// `pipe2` with `O_CLOEXEC`.
int test_pipe(int ends[2]);
