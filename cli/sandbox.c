/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sandbox.h"

#ifdef SANDBOX

#include <fcntl.h>
#include <errno.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "readable.h"

/* ---- Landlock: files ---- */

/* How many rights to files Landlock knows, by its version; a right is a bit. Of all of them only
 * reading is given, and only where something is named. */
static const guint8 FILE_RIGHTS[] = {0, 13, 14, 15, 15, 16};
/* Versions that also know rights to TCP ports (bind, connect), and scopes (abstract sockets,
 * signals); Debian 12's header is older than both. */
#define VERSION_OF_PORTS 4
#define VERSION_OF_SCOPES 6
#define PORT_RIGHTS 3u
#define SCOPES 3u

typedef struct {
    guint64 files, ports, scopes;
} Ruleset; /* as the kernel knows it; an older one knows only its beginning */

static int
ruleset_new(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) {
        return -1;
    }
    guint8 rights = FILE_RIGHTS[MIN((gsize)version, G_N_ELEMENTS(FILE_RIGHTS) - 1)];
    Ruleset all = {(1u << rights) - 1, PORT_RIGHTS, SCOPES};
    gsize size = version >= VERSION_OF_SCOPES  ? sizeof all
                 : version >= VERSION_OF_PORTS ? offsetof(Ruleset, scopes)
                                               : offsetof(Ruleset, ports);
    return (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
}

/* What is not there needs no rule. */
static void
ruleset_allow(int ruleset, const char *path)
{
    struct stat st;
    struct landlock_path_beneath_attr rule = {LANDLOCK_ACCESS_FS_READ_FILE,
                                              open(path, O_PATH | O_CLOEXEC)};
    if (rule.parent_fd < 0) {
        return;
    }
    if (fstat(rule.parent_fd, &st) == 0) {
        if (S_ISDIR(st.st_mode)) {
            rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
        }
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    close(rule.parent_fd);
}

/* Of what libraries need; -1 where there is no Landlock. */
static int
ruleset_of_libraries(void)
{
    int ruleset = ruleset_new();
    g_autoptr(GPtrArray) needed = ruleset >= 0 ? readable_paths() : g_ptr_array_new();
    for (guint i = 0; i < needed->len; i++) {
        ruleset_allow(ruleset, g_ptr_array_index(needed, i));
    }
    return ruleset;
}

/* Made before the fork: what is allowed in it would be allowed to all children. */
static int prepared = -1;

static gboolean
landlock_enter(const GPtrArray *readable)
{
    gboolean more = readable != NULL && readable->len > 0;
    int ruleset = prepared >= 0 && !more ? prepared : ruleset_of_libraries();
    if (ruleset < 0) {
        return FALSE;
    }
    for (guint i = 0; more && i < readable->len; i++) {
        ruleset_allow(ruleset, g_ptr_array_index(readable, i));
    }
    gboolean ok = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    if (prepared >= 0 && prepared != ruleset) {
        close(prepared);
    }
    prepared = -1;
    return ok;
}

/* ---- seccomp: system calls ---- */

/* What a process needs that reads what it has, computes and writes into its pipe; by what it does.
 * Everything that is not named fails, what later kernels bring too. Threads need clone(), which is
 * below. */
static const int ALLOWED[] = {
    /* descriptors */
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(preadv2),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(pwritev),
    SCMP_SYS(pwritev2),
    SCMP_SYS(lseek),
    SCMP_SYS(_llseek),
    SCMP_SYS(close),
    SCMP_SYS(close_range),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(pipe),
    SCMP_SYS(pipe2),
    SCMP_SYS(eventfd2),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(fadvise64),
    SCMP_SYS(fadvise64_64),
    SCMP_SYS(readahead),
    /* files as they are */
    SCMP_SYS(stat),
    SCMP_SYS(stat64),
    SCMP_SYS(lstat),
    SCMP_SYS(lstat64),
    SCMP_SYS(fstat),
    SCMP_SYS(fstat64),
    SCMP_SYS(newfstatat),
    SCMP_SYS(fstatat64),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(statfs64),
    SCMP_SYS(fstatfs),
    SCMP_SYS(fstatfs64),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    /* memory */
    SCMP_SYS(brk),
    SCMP_SYS(mmap),
    SCMP_SYS(mmap2),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(membarrier),
    /* threads */
    SCMP_SYS(futex),
    SCMP_SYS(futex_time64),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(get_robust_list),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(rseq),
    SCMP_SYS(arch_prctl),
    SCMP_SYS(set_thread_area),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getattr),
    SCMP_SYS(getcpu),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    /* its own signals */
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigreturn),
    SCMP_SYS(rt_sigpending),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    /* time */
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_gettime64),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_getres_time64),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(clock_nanosleep_time64),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(setitimer),
    SCMP_SYS(getitimer),
    /* facts */
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(getuid32),
    SCMP_SYS(geteuid),
    SCMP_SYS(geteuid32),
    SCMP_SYS(getgid),
    SCMP_SYS(getgid32),
    SCMP_SYS(getegid),
    SCMP_SYS(getegid32),
    SCMP_SYS(getrlimit),
    SCMP_SYS(ugetrlimit),
    SCMP_SYS(getrusage),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getrandom),
};

/* What libc tries before it does the same in an older way: these are not there, rather than
 * forbidden. Their arguments are behind pointers, which a filter cannot look at. */
static const int ABSENT[] = {SCMP_SYS(clone3), SCMP_SYS(openat2)};

/* What says in open's flags that a file is to be written, made or emptied. O_TMPFILE is made of
 * O_DIRECTORY, which is fine, and a bit of its own. */
#define WRITING_FLAGS (O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))
/* Of clone's flags: a thread, and no namespace of its own. */
#define CLONE_MASK                                                                                 \
    (CLONE_THREAD | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |  \
     CLONE_NEWPID | CLONE_NEWNET)

/* These do harm with some arguments: F_SETOWN sends signals to other processes, ioctl() changes
 * attributes of files and types into terminals. What is named is allowed, the argument having its
 * value under its mask. */
static const struct {
    int call;
    guint argument;
    guint64 mask, value;
} WITH_ARGUMENT[] = {
    {SCMP_SYS(open), 1, WRITING_FLAGS, O_RDONLY},
    {SCMP_SYS(openat), 2, WRITING_FLAGS, O_RDONLY},
    {SCMP_SYS(clone), 0, CLONE_MASK, CLONE_THREAD},
    {SCMP_SYS(fcntl), 1, G_MAXUINT64, F_DUPFD},
    {SCMP_SYS(fcntl), 1, G_MAXUINT64, F_DUPFD_CLOEXEC},
    {SCMP_SYS(fcntl), 1, G_MAXUINT64, F_GETFD},
    {SCMP_SYS(fcntl), 1, G_MAXUINT64, F_SETFD},
    {SCMP_SYS(fcntl), 1, G_MAXUINT64, F_GETFL},
    {SCMP_SYS(fcntl), 1, G_MAXUINT64, F_SETFL},
    {SCMP_SYS(fcntl64), 1, G_MAXUINT64, F_DUPFD},
    {SCMP_SYS(fcntl64), 1, G_MAXUINT64, F_DUPFD_CLOEXEC},
    {SCMP_SYS(fcntl64), 1, G_MAXUINT64, F_GETFD},
    {SCMP_SYS(fcntl64), 1, G_MAXUINT64, F_SETFD},
    {SCMP_SYS(fcntl64), 1, G_MAXUINT64, F_GETFL},
    {SCMP_SYS(fcntl64), 1, G_MAXUINT64, F_SETFL},
    {SCMP_SYS(ioctl), 1, G_MAXUINT64, TCGETS},
    {SCMP_SYS(ioctl), 1, G_MAXUINT64, TIOCGWINSZ},
    {SCMP_SYS(ioctl), 1, G_MAXUINT64, FIONREAD},
    {SCMP_SYS(prctl), 0, G_MAXUINT64, PR_SET_NAME},
    {SCMP_SYS(prctl), 0, G_MAXUINT64, PR_GET_NAME},
    {SCMP_SYS(prctl), 0, G_MAXUINT64, PR_SET_VMA},
};

typedef scmp_filter_ctx Filter;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(Filter, seccomp_release, NULL)

/* 0 or below: what went wrong. A call that this kind of machine has not has a number below 0. */
static int
rule_add(Filter filter, guint32 action, int call, const struct scmp_arg_cmp *arguments, guint n)
{
    int failed = seccomp_rule_add_array(filter, action, call, n, arguments);
    return call < 0 ? 0 : failed;
}

static int
rules_add_plain(Filter filter)
{
    int failed = 0;
    for (guint i = 0; i < G_N_ELEMENTS(ALLOWED) && failed == 0; i++) {
        failed = rule_add(filter, SCMP_ACT_ALLOW, ALLOWED[i], NULL, 0);
    }
    for (guint i = 0; i < G_N_ELEMENTS(ABSENT) && failed == 0; i++) {
        failed = rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), ABSENT[i], NULL, 0);
    }
    return failed;
}

static int
rules_add_with_argument(Filter filter)
{
    int failed = 0;
    for (guint i = 0; i < G_N_ELEMENTS(WITH_ARGUMENT) && failed == 0; i++) {
        struct scmp_arg_cmp is = {WITH_ARGUMENT[i].argument, SCMP_CMP_MASKED_EQ,
                                  WITH_ARGUMENT[i].mask, WITH_ARGUMENT[i].value};
        failed = rule_add(filter, SCMP_ACT_ALLOW, WITH_ARGUMENT[i].call, &is, 1);
    }
    return failed;
}

/* Signals to itself, as abort() sends them; limits of its own, to be read. */
static int
rules_add_own(Filter filter)
{
    struct scmp_arg_cmp itself = {0, SCMP_CMP_EQ, (guint64)getpid(), 0};
    struct scmp_arg_cmp reading[] = {{0, SCMP_CMP_EQ, 0, 0}, {2, SCMP_CMP_EQ, 0, 0}};
    int failed = rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(kill), &itself, 1);
    if (failed == 0) {
        failed = rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), &itself, 1);
    }
    return failed != 0 ? failed : rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), reading, 2);
}

static gboolean
seccomp_enter(void)
{
    g_auto(Filter) filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL) {
        return FALSE;
    }
    seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
    /* Before Linux 5.16 a filter would slow all speculation down; nothing within this process has
     * to be kept from the rest of it. */
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
    return rules_add_plain(filter) == 0 && rules_add_with_argument(filter) == 0 &&
           rules_add_own(filter) == 0 && seccomp_load(filter) == 0;
}

/* It makes system calls of its own in the same process, which seccomp would refuse. */
static gboolean
is_under_valgrind(void)
{
    const char *preloaded = g_getenv("LD_PRELOAD");
    return preloaded != NULL && strstr(preloaded, "/vgpreload_") != NULL;
}

int
sandbox_prepare(void)
{
    if (prepared < 0 && !is_under_valgrind()) {
        prepared = ruleset_of_libraries();
    }
    return prepared;
}

guint
sandbox_enter(const GPtrArray *readable)
{
    guint flags = 0;
    if (is_under_valgrind()) {
        return SANDBOX_LEFT_OUT;
    }
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    flags |= landlock_enter(readable) ? SANDBOX_FILES_BY_LANDLOCK : 0;
    /* Last, since afterwards there is no Landlock to be had either. */
    flags |= seccomp_enter() ? SANDBOX_FILES_BY_SECCOMP | SANDBOX_NETWORK : 0;
    return flags;
}

#else

int
sandbox_prepare(void)
{
    return -1;
}

guint
sandbox_enter(const GPtrArray *readable)
{
    (void)readable;
    return SANDBOX_LEFT_OUT;
}

#endif

const char *
sandbox_words(guint flags)
{
    if ((flags & SANDBOX_LEFT_OUT) != 0) {
        return "read without a sandbox: it is left out of this build, or of runs under valgrind";
    }
    switch (flags & SANDBOX_ALL) {
    case SANDBOX_ALL:
        return NULL;
    case SANDBOX_FILES_BY_SECCOMP | SANDBOX_NETWORK:
        return "read without Landlock, which this kernel does not allow: a document that takes "
               "over its reader could read all your files, but send or write nothing";
    case SANDBOX_FILES_BY_LANDLOCK:
        return "read without seccomp, which this kernel does not allow: a document that takes "
               "over its reader could reach the network, but no files";
    default:
        return "read without a sandbox, which this kernel does not allow: a document that takes "
               "over its reader could do what you can do";
    }
}
