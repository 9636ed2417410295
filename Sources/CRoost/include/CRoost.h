// The C half of Roost: only what Swift cannot call by itself.
//
// * the role constructor, which turns a fresh process into a zygote or a worker before `main` runs;
// * the zygote, a single-threaded process that forks workers and never runs user code;
// * control-message macros (descriptor passing), epoll's packed structure, and signal-handler hooks.
#ifndef CROOST_H
#define CROOST_H

#include <dirent.h>
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Roles -------------------------------------------------------------------------------------

/// Environment variable naming the role of a process that Roost started: "zygote" or "worker".
#define ROOST_ROLE_VARIABLE "ROOST_ROLE"
/// Environment variable with the process id of the node that started this process.
#define ROOST_NODE_VARIABLE "ROOST_NODE_PID"
/// The descriptor on which a started process finds its socket.
#define ROOST_SOCKET_FD 3
/// The descriptor on which a worker tells its crash.
#define ROOST_CRASH_FD 4

/// What the node sends to the zygote: one of these a packet, with the worker's control socket and,
/// when `descriptors` says so, its standard output and error attached.
typedef struct {
    uint32_t request;
    uint32_t descriptors;
} roost_fork_request;

/// What the zygote answers: the worker's process id, or the error number of the fork.
typedef struct {
    uint32_t request;
    int32_t pid;
    int32_t error;
    uint32_t reserved;
} roost_fork_reply;

/// Has a started process, and the workers forked from it, make backtraces of their crashes; the number of
/// seconds that one may take.
#define ROOST_BACKTRACES_VARIABLE "ROOST_BACKTRACES"
/// What SWIFT_BACKTRACE says to the programs that such a worker starts.
#define ROOST_INHERITED_BACKTRACE_VARIABLE "ROOST_INHERITED_SWIFT_BACKTRACE"

/// What a started process gets.
typedef struct {
    int socket;                // becomes descriptor 3
    int crashes;               // becomes descriptor 4
    int output, error_output;  // become 1 and 2; or -1
    /// For SWIFT_BACKTRACE, in place of what the environment says; or NULL.
    const char *backtrace_settings;
    unsigned backtrace_seconds;
} roost_role_start;

/// Starts this very executable in a role, as a child of the calling thread.
///
/// All other descriptors are closed, signals are at their defaults. Returns 0 and the process id, or an
/// error number.
int roost_spawn_role(const char *role, const roost_role_start *start, pid_t *pid);

// ---- Descriptor passing ------------------------------------------------------------------------

/// Sends `length` bytes with up to 4 descriptors attached; `sendmsg` with MSG_NOSIGNAL.
ssize_t roost_send(int socket, const void *bytes, size_t length, const int *descriptors, int count);

/// Receives bytes and up to `*count` descriptors (close-on-exec); `*count` becomes the number received.
ssize_t roost_receive(int socket, void *bytes, size_t length, int *descriptors, int *count, int flags);

/// How many descriptors one message can carry: the kernel's limit.
#define ROOST_MAXIMUM_DESCRIPTORS 253

/// Sends two stretches of bytes one after the other, without waiting, with up to
/// ROOST_MAXIMUM_DESCRIPTORS descriptors attached to the first byte.
ssize_t roost_send_parts(int socket, const void *first, size_t first_length, const void *second,
                         size_t second_length, const int *descriptors, int count);

/// Receives into two stretches of memory, without waiting. `descriptors` has room for
/// ROOST_MAXIMUM_DESCRIPTORS; `*is_truncated` says whether some were lost on the way.
ssize_t roost_receive_parts(int socket, void *first, size_t first_length, void *second, size_t second_length,
                            int *descriptors, int *count, int *is_truncated);

// ---- Sealed memory -----------------------------------------------------------------------------

/// Makes an empty memory file that can be sealed. Returns the descriptor, close-on-exec, or minus the
/// error number.
int roost_memory_file(const char *name);

/// Seals a memory file for good: neither its bytes nor its size change from here on. Returns 0 or an
/// error number.
int roost_seal(int descriptor);

/// Whether a descriptor is a memory file that nobody can change, write to or shrink.
int roost_is_sealed(int descriptor);

/// Opens a pipe, both ends close-on-exec, of which only the reading end never blocks. Returns 0 or an
/// error number.
int roost_output_pipe(int *reading, int *writing);

// ---- epoll -------------------------------------------------------------------------------------

typedef struct {
    uint64_t token;
    uint32_t events;
    uint32_t padding;
} roost_event;

#define ROOST_READABLE 1u
#define ROOST_WRITABLE 2u
#define ROOST_HANGUP 4u

/// Adds (`operation` 0), changes (1) or removes (2) a descriptor. Returns 0 or an error number.
int roost_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token);

/// Waits for at most `timeout` nanoseconds (negative: for ever). Returns the number of events, or
/// minus the error number; an interrupted wait returns 0.
int roost_epoll_wait(int epoll, roost_event *events, int capacity, int64_t timeout);

// ---- Signals and children ----------------------------------------------------------------------

/// Has `eventfd` written whenever SIGCHLD arrives. The handler that was installed before is kept and
/// called too. Returns 0, or an error number when there is no room (1,024 watchers) or no handler.
int roost_watch_children(int eventfd);
void roost_unwatch_children(int eventfd);

/// Has `eventfd` written when SIGTERM arrives, or at once when it has. Returns 0, EBUSY when the program
/// handles or ignores the signal itself, or another error number.
int roost_watch_termination(int eventfd);
void roost_unwatch_termination(int eventfd);

/// Ends the process as SIGTERM would have, if that has arrived and nobody watches for it any more.
void roost_terminate(void);

/// Whether orphans become this process's children.
int roost_inherits_orphans(void);

/// A child's change of state, as `waitid` tells it.
typedef struct {
    pid_t pid;
    int32_t code;    // CLD_EXITED, CLD_KILLED, CLD_DUMPED, CLD_STOPPED, CLD_CONTINUED
    int32_t status;  // exit code or signal
} roost_child_change;

/// The next change among the children *this thread* started: stopped or continued ones, and, with
/// `exited`, ended ones, which are reaped. Returns 1 with a change, 0 with none, or minus the error number.
int roost_next_child_change(roost_child_change *change, int exited);

/// Reaps one child if it has ended: 1 with its status, 0 while it runs, or minus the error number.
int roost_reap(pid_t pid, roost_child_change *change);

/// Whether a child has ended, which is left to be reaped.
int roost_has_ended(pid_t pid);

int roost_pidfd_open(pid_t pid);

// ---- Crashes -----------------------------------------------------------------------------------

/// What a worker is serving, kept up to date for its crash handler.
typedef struct {
    const char *target;  // NULL: nothing
    uint64_t sender_owner;
    uint64_t sender_number;
    uint64_t count;
    uint32_t has_sender;
    uint32_t waiting;
} roost_serving;

#define ROOST_CRASH_MAGIC 0x68637263u  // "crch"

/// What a worker tells the node in the moment it crashes; small enough for a pipe to take it whole.
typedef struct {
    uint32_t magic;
    int32_t pid;
    int32_t signal;
    uint32_t is_tracking;  // whether what follows says anything
    uint32_t waiting;
    uint32_t has_target;
    uint32_t has_sender;
    uint32_t makes_backtrace;  // a copy is made next
    uint64_t count;
    uint64_t sender_owner;
    uint64_t sender_number;
    char target[968];
} roost_crash_record;

#define ROOST_COPY_MAGIC 0x79706f63u  // "copy"

/// What a worker tells the node when it has copied itself for a backtrace.
typedef struct {
    uint32_t magic;
    int32_t pid;         // the worker's
    int32_t copy;        // the copy's process id, which is a child of the node
    int32_t descriptor;  // the copy's number for the end of a pipe from which the backtrace is to be read
    int32_t error;       // why there is no copy; or 0
} roost_copy_record;

/// Has a fatal signal tell the node on descriptor 4 before it takes its course, and make a backtrace if
/// the process was started so.
void roost_record_crashes(void);

/// Says that the functions below are being called; otherwise a record says only which signal it was.
void roost_serving_track(void);
int roost_serving_is_tracked(void);

/// A message is begun; `target` must stay where it is.
void roost_serving_begin(const char *target, uint64_t sender_owner, uint64_t sender_number, uint32_t has_sender);
void roost_serving_waiting(uint32_t waiting);
roost_serving roost_serving_now(void);
/// Goes back to the message of an earlier moment.
void roost_serving_again(roost_serving outer);
void roost_serving_end(void);

/// Opens the pipe in which all workers of a node tell their crashes. Returns 0 or an error number.
int roost_crash_pipe(int *reading, int *writing);

/// Takes the next record out of the pipe: 1 with a crash, 2 with a copy, 0 with none. What is no record is
/// passed over.
int roost_next_crash(int pipe, roost_crash_record *crash, roost_copy_record *copy);

// ---- Descriptors, directories and threads -------------------------------------------------------

/// A nonblocking, close-on-exec event counter.
int roost_eventfd(void);
int roost_epoll_create(void);

/// Names the calling thread, for tools that list threads; cut at 15 characters.
void roost_name_thread(const char *name);

int roost_memfd_create(const char *name, unsigned flags);

/// The name in an entry of a directory: as much memory as there is of it, where Swift would take 256 bytes.
const char *roost_entry_name(const struct dirent *entry);

/// Blocks every signal in the calling thread: threads of the runtime never run user handlers.
void roost_block_signals(void);

/// Makes standard output line buffered, so that what a worker printed survives its being killed.
void roost_line_buffer_output(void);

/// Flushes C's standard streams.
void roost_flush_output(void);

#ifdef __cplusplus
}
#endif
#endif
