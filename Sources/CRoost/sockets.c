// Descriptor passing and epoll: the parts of the kernel's interface made of macros and packed structures.
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MAXIMUM_DESCRIPTORS 4

// The control data of a packet, and of the parts of a message.
typedef union {
    char bytes[CMSG_SPACE(sizeof(int) * MAXIMUM_DESCRIPTORS)];
    struct cmsghdr alignment;
} packet_control;

typedef union {
    char bytes[CMSG_SPACE(sizeof(int) * ROOST_MAXIMUM_DESCRIPTORS)];
    struct cmsghdr alignment;
} parts_control;

// Has a message carry descriptors in its control data; -1 and EINVAL if they are more than `maximum`.
static int attach(struct msghdr *message, void *control, int maximum, const int *descriptors, int count) {
    if (count > maximum) {
        errno = EINVAL;
        return -1;
    }
    if (count <= 0) return 0;
    size_t size = sizeof(int) * (size_t)count;
    message->msg_control = control;
    message->msg_controllen = CMSG_SPACE(size);
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(header), descriptors, size);
    return 0;
}

ssize_t roost_send(int socket, const void *bytes, size_t length, const int *descriptors, int count) {
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
    packet_control control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (attach(&message, control.bytes, MAXIMUM_DESCRIPTORS, descriptors, count) != 0) return -1;
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t roost_receive(int socket, void *bytes, size_t length, int *descriptors, int *count, int flags) {
    struct iovec part = {.iov_base = bytes, .iov_len = length};
    packet_control control;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    int capacity = *count;
    *count = 0;
    ssize_t received = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
    if (received < 0) return received;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int carried = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int i = 0; i < carried; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + sizeof(int) * (size_t)i, sizeof(int));
            if (*count < capacity) {
                descriptors[(*count)++] = descriptor;
            } else {
                close(descriptor);  // nobody asked for it; kept, it would leak
            }
        }
    }
    return received;
}

// With the parts of a message; `first` may be empty, `second` may be nothing at all.
static struct msghdr parts_of(struct iovec parts[2], const void *first, size_t first_length,
                              const void *second, size_t second_length) {
    parts[0] = (struct iovec){.iov_base = (void *)first, .iov_len = first_length};
    parts[1] = (struct iovec){.iov_base = (void *)second, .iov_len = second_length};
    return (struct msghdr){.msg_iov = parts, .msg_iovlen = second_length > 0 ? 2 : 1};
}

ssize_t roost_send_parts(int socket, const void *first, size_t first_length, const void *second,
                         size_t second_length, const int *descriptors, int count) {
    struct iovec parts[2];
    struct msghdr message = parts_of(parts, first, first_length, second, second_length);
    parts_control control;
    if (attach(&message, control.bytes, ROOST_MAXIMUM_DESCRIPTORS, descriptors, count) != 0) return -1;
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t roost_receive_parts(int socket, void *first, size_t first_length, void *second, size_t second_length,
                            int *descriptors, int *count, int *is_truncated) {
    struct iovec parts[2];
    struct msghdr message = parts_of(parts, first, first_length, second, second_length);
    parts_control control;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    *count = 0;
    *is_truncated = 0;
    ssize_t received = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (received < 0) return received;
    // The kernel could not give all: this process has no descriptors left.
    *is_truncated = (message.msg_flags & MSG_CTRUNC) != 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int carried = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(descriptors + *count, CMSG_DATA(header), sizeof(int) * (size_t)carried);
        *count += carried;
    }
    return received;
}

int roost_output_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    // The ends are two open files: a worker that prints waits like any other process.
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

int roost_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
    static const int operations[] = {EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL};
    struct epoll_event event = {.events = 0, .data = {.u64 = token}};
    if (events & ROOST_READABLE) event.events |= EPOLLIN | EPOLLRDHUP;
    if (events & ROOST_WRITABLE) event.events |= EPOLLOUT;
    return epoll_ctl(epoll, operations[operation], descriptor, &event) == 0 ? 0 : errno;
}

// glibc has a wrapper only from 2.35; before Linux 5.11 there is no such call at all.
static int wait_nanoseconds(int epoll, struct epoll_event *events, int capacity, int64_t timeout) {
    struct timespec limit = {.tv_sec = timeout / 1000000000, .tv_nsec = timeout % 1000000000};
    int count = (int)syscall(SYS_epoll_pwait2, epoll, events, capacity, timeout < 0 ? NULL : &limit, NULL, 0);
    if (count < 0 && errno == ENOSYS) {
        int milliseconds = timeout < 0 ? -1 : (int)((timeout + 999999) / 1000000);
        count = epoll_wait(epoll, events, capacity, milliseconds);
    }
    return count;
}

int roost_epoll_wait(int epoll, roost_event *events, int capacity, int64_t timeout) {
    struct epoll_event found[64];
    if (capacity > 64) capacity = 64;
    int count = timeout == 0 ? epoll_wait(epoll, found, capacity, 0)
                             : wait_nanoseconds(epoll, found, capacity, timeout);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint32_t ready = 0;
        if (found[i].events & EPOLLIN) ready |= ROOST_READABLE;
        if (found[i].events & EPOLLOUT) ready |= ROOST_WRITABLE;
        if (found[i].events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) ready |= ROOST_HANGUP;
        events[i] = (roost_event){.token = found[i].data.u64, .events = ready};
    }
    return count;
}

int roost_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int roost_epoll_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}
