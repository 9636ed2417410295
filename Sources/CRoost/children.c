// Waiting for children, and what a process does about itself.
#include "internal.h"

#include <errno.h>
#include <signal.h>
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

int roost_has_ended(pid_t pid) {
    siginfo_t information;
    memset(&information, 0, sizeof information);
    if (waitid(P_PID, (id_t)pid, &information, WEXITED | WNOHANG | WNOWAIT) != 0) return 0;
    return information.si_pid != 0;
}

int roost_inherits_orphans(void) {
    int is_reaper = 0;
    if (prctl(PR_GET_CHILD_SUBREAPER, &is_reaper) != 0) is_reaper = 0;
    return is_reaper || getpid() == 1;
}

int roost_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int roost_memfd_create(const char *name, unsigned flags) {
    return memfd_create(name, flags);
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

const char *roost_entry_name(const struct dirent *entry) { return entry->d_name; }
