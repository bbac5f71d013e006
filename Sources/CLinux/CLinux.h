// The calls and values of Linux that Swift cannot import by itself: functions with a variable number
// of arguments, macros, and what glibc shows to GNU sources alone. Headers only: nothing of this is a
// function of the program unless it is called.
#ifndef CLINUX_H
#define CLINUX_H

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <linux/memfd.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// What glibc shows to GNU sources alone. This is none, for then types would have other members here
// than in the modules of Swift's own Glibc and Dispatch.
#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80
#endif
#ifndef F_OFD_GETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#endif
#ifndef POLLRDHUP
#define POLLRDHUP 0x2000
#endif
typedef void (*linux_signal_handler)(int);
int accept4(
    int socket, struct sockaddr *_Nullable name, socklen_t *_Nullable length, int flags);
int memfd_create(const char *name, unsigned int flags);
int pidfd_open(pid_t process, unsigned int flags);
int pipe2(int ends[_Nonnull 2], int flags);
int dup3(int old, int new, int flags);
int unshare(int flags);
int posix_openpt(int flags);
int unlockpt(int terminal);
int ptsname_r(int terminal, char *_Nonnull name, size_t length);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int prctl(int option, ...);
extern char **environ;

static inline int linux_errno(void) { return errno; }

static inline int linux_open(const char *_Nonnull path, int flags, mode_t mode) {
    return open(path, flags, mode);
}

static inline int linux_fcntl(int descriptor, int command, int value) {
    return fcntl(descriptor, command, value);
}

/// Locks or unlocks the first byte from an offset on for this open file. F_OFD_SETLK(2const)
static inline int linux_lock_byte(int descriptor, long long offset, short kind) {
    struct flock range = {.l_type = kind, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
    return fcntl(descriptor, F_OFD_SETLK, &range);
}
/// Whether another open file has a lock on that byte; -1 on failure. F_OFD_GETLK(2const)
static inline int linux_byte_is_locked(int descriptor, long long offset) {
    struct flock range = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
    if (fcntl(descriptor, F_OFD_GETLK, &range) != 0) return -1;
    return range.l_type != F_UNLCK;
}

/// Gets the width and height of a terminal.
static inline int linux_window_size(int descriptor, struct winsize *_Nonnull size) {
    return ioctl(descriptor, TIOCGWINSZ, size);
}

/// Sets whether the kernel may write a core dump of this process, and whether others of the same
/// user may read its memory. PR_SET_DUMPABLE(2const)
static inline int linux_set_dumpable(int is_dumpable) {
    return prctl(PR_SET_DUMPABLE, is_dumpable, 0, 0, 0);
}

/// Removes a directory with everything in it; stops at what cannot be removed.
static inline int linux_remove_tree(const char *_Nonnull path) {
    char *const paths[] = {(char *)path, NULL};
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (tree == NULL) return -1;
    int result = 0;
    FTSENT *entry;
    while (result == 0 && (entry = fts_read(tree)) != NULL)
        if (entry->fts_info != FTS_D) result = remove(entry->fts_accpath);
    int code = errno;
    fts_close(tree);
    errno = code;
    return result;
}

static inline int linux_bind(int socket, const struct sockaddr *_Nonnull name, socklen_t length) {
    return bind(socket, name, length);
}
static inline int linux_socket_name(
    int socket, struct sockaddr *_Nonnull name, socklen_t *_Nonnull length) {
    return getsockname(socket, name, length);
}
static inline int linux_peer_name(
    int socket, struct sockaddr *_Nonnull name, socklen_t *_Nonnull length) {
    return getpeername(socket, name, length);
}
static inline int linux_connect(int socket, const struct sockaddr *_Nonnull name, socklen_t length) {
    return connect(socket, name, length);
}
/// Accepts a connection that is non-blocking and closed on exec.
static inline int linux_accept(int socket) {
    return accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
/// Accepts a connection that is blocking and closed on exec.
static inline int linux_accept_waiting(int socket) {
    return accept4(socket, NULL, NULL, SOCK_CLOEXEC);
}

static inline char *_Nullable *_Nonnull linux_environment(void) { return environ; }

static inline int linux_is_regular_file(mode_t mode) { return S_ISREG(mode); }
static inline int linux_is_directory(mode_t mode) { return S_ISDIR(mode); }

/// Sets a signal's action to the default or to ignore, and returns the previous one.
static inline linux_signal_handler _Nullable linux_default_signal(int number) {
    return signal(number, SIG_DFL);
}
static inline linux_signal_handler _Nullable linux_ignore_signal(int number) {
    return signal(number, SIG_IGN);
}

enum {
    linux_memfd_close_on_exec = MFD_CLOEXEC,
    linux_spawn_set_session = POSIX_SPAWN_SETSID,
    linux_limit_file_size = RLIMIT_FSIZE,
    linux_limit_core_dump = RLIMIT_CORE,
    linux_new_network = CLONE_NEWNET,
    linux_poll_peer_closed = POLLRDHUP,
    linux_stream_socket = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
};

#endif
