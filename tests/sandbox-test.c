/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a process in the sandbox can no longer do, and what it still must. Each attempt is made in a
 * child of its own, which ends with the errno of what was refused, or DONE.
 *
 * Before that it is made without the sandbox, where that is safe: it must not be refused there. And
 * each of the two, Landlock and seccomp, is tried as on a kernel that has not the other, which a
 * filter set before pretends. What this kernel does not enforce is skipped, with words.
 */
#include "sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <iconv.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <pthread.h>
#ifdef SANDBOX
#include <seccomp.h>
#endif
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

/* The exit code of a child that was not refused; others are an errno. */
#define DONE 0
/* What a child that a signal ended counts as. */
#define BY_SIGNAL 1000
/* That the attempt is not made without the sandbox: only root could, or it would do harm. */
#define UNTRIED TRUE

/* What attempts have at hand, in a folder of its own. */
typedef struct {
    char *folder;
    char *allowed, *link; /* a file that can be read, and a link to one elsewhere, likewise */
    char *shut, *other;   /* a folder that is not named, and a file in it */
    char *fresh;          /* what is not there */
    int reading;          /* `allowed`, open for reading */
    int pipe[2];          /* open */
    int tcp, local;       /* listeners, and their addresses */
    struct sockaddr_in at;
    struct sockaddr_un name;
    pid_t test;
} Place;

/* 0, or an errno. */
typedef int (*Attempt)(const Place *place);

static int
result(long r)
{
    return r < 0 ? errno : DONE;
}

/* ---- what must be refused ---- */

static int
try_create(const Place *p)
{
    return result(open(p->fresh, O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int
try_create_for_reading(const Place *p)
{
    return result(open(p->fresh, O_RDONLY | O_CREAT, 0600));
}

static int
try_creat(const Place *p)
{
#ifdef SYS_creat
    return result(syscall(SYS_creat, p->fresh, 0600));
#else
    return try_create(p);
#endif
}

static int
try_temporary(const Place *p)
{
    return result(open(p->folder, O_RDWR | O_TMPFILE, 0600));
}

static int
try_open_for_writing(const Place *p)
{
    return result(open(p->allowed, O_WRONLY));
}

static int
try_open_for_both(const Place *p)
{
    return result(open(p->allowed, O_RDWR));
}

static int
try_empty_by_reading(const Place *p)
{
    return result(open(p->allowed, O_RDONLY | O_TRUNC));
}

/* The way round the flags: they are behind a pointer. */
static int
try_openat2(const Place *p)
{
    struct open_how how = {.flags = O_WRONLY};
    return result(syscall(SYS_openat2, AT_FDCWD, p->allowed, &how, sizeof how));
}

static int
try_reopen(const Place *p)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", p->reading);
    return result(open(path, O_RDWR));
}

static int
try_truncate(const Place *p)
{
    return result(truncate(p->allowed, 0));
}

static int
try_unlink(const Place *p)
{
    return result(unlink(p->allowed));
}

static int
try_rename(const Place *p)
{
    return result(rename(p->allowed, p->fresh));
}

static int
try_link(const Place *p)
{
    return result(link(p->allowed, p->fresh));
}

static int
try_symlink(const Place *p)
{
    return result(symlink(p->allowed, p->fresh));
}

static int
try_mkdir(const Place *p)
{
    return result(mkdir(p->fresh, 0700));
}

static int
try_mkfifo(const Place *p)
{
    return result(mkfifo(p->fresh, 0600));
}

static int
try_chmod(const Place *p)
{
    return result(chmod(p->allowed, 0640));
}

static int
try_fchmod(const Place *p)
{
    return result(fchmod(p->reading, 0640));
}

static int
try_chown(const Place *p)
{
    return result(chown(p->allowed, getuid(), getgid()));
}

static int
try_times(const Place *p)
{
    return result(futimens(p->reading, NULL));
}

/* EOPNOTSUPP without the sandbox where the file system has no attributes. */
static int
try_attribute(const Place *p)
{
    return result(fsetxattr(p->reading, "user.yomijun", "x", 1, 0));
}

static int
try_file_flags(const Place *p)
{
    int flags = 0;
    return result(ioctl(p->reading, FS_IOC_SETFLAGS, &flags));
}

static int
try_socket(const Place *p)
{
    (void)p;
    return result(socket(AF_INET, SOCK_DGRAM, 0));
}

static int
try_connect(const Place *p)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 ? errno : result(connect(fd, (const struct sockaddr *)&p->at, sizeof p->at));
}

static int
try_connect_local(const Place *p)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return fd < 0 ? errno : result(connect(fd, (const struct sockaddr *)&p->name, sizeof p->name));
}

/* With a socket that is open already. */
static int
try_accept(const Place *p)
{
    fcntl(p->tcp, F_SETFL, O_NONBLOCK);
    int r = result(accept(p->tcp, NULL, NULL));
    return r == EAGAIN ? DONE : r;
}

static int
try_execute(const Place *p)
{
    (void)p;
    execl("/bin/true", "true", NULL);
    return errno;
}

/* A file that is open, EACCES without the sandbox since it is no program. */
static int
try_execute_descriptor(const Place *p)
{
    char *const none[] = {NULL};
    return result(syscall(SYS_execveat, p->reading, "", none, none, AT_EMPTY_PATH));
}

static int
try_fork(const Place *p)
{
    (void)p;
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    return result(pid);
}

static int
try_spawn(const Place *p)
{
    (void)p;
    pid_t pid;
    char *const arguments[] = {NULL};
    return posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, arguments);
}

static int
try_namespace(const Place *p)
{
    (void)p;
    return result(unshare(CLONE_NEWUSER));
}

static int
try_trace_parent(const Place *p)
{
    return result(ptrace(PTRACE_ATTACH, p->test, NULL, NULL));
}

static int
try_read_memory_of_parent(const Place *p)
{
    char here; /* where, there too, something is */
    struct iovec local = {&here, 1}, remote = {p->folder, 1};
    return result(process_vm_readv(p->test, &local, 1, &remote, 1, 0));
}

/* 0: no signal, only the right to send one. */
static int
try_kill_parent(const Place *p)
{
    return result(kill(p->test, 0));
}

static int
try_thread_kill(const Place *p)
{
    return result(syscall(SYS_tgkill, p->test, p->test, 0));
}

static int
try_pidfd(const Place *p)
{
    return result(syscall(SYS_pidfd_open, p->test, 0));
}

/* The kernel would send SIGIO, or any other signal, whenever the pipe is read. */
static int
try_signal_by_pipe(const Place *p)
{
    return result(fcntl(p->pipe[1], F_SETOWN, p->test));
}

static int
try_limit_of_parent(const Place *p)
{
    struct rlimit limit;
    return result(prlimit(p->test, RLIMIT_CORE, NULL, &limit));
}

static int
try_own_limit(const Place *p)
{
    (void)p;
    struct rlimit none = {0, 0};
    return result(setrlimit(RLIMIT_CORE, &none));
}

static int
try_mount(const Place *p)
{
    return result(syscall(SYS_mount, "none", p->folder, "tmpfs", 0, NULL));
}

static int
try_credentials(const Place *p)
{
    (void)p;
    return result(setuid(getuid()));
}

static int
try_key(const Place *p)
{
    (void)p;
    return result(syscall(SYS_add_key, "user", "yomijun", "x", (size_t)1, -4 /* the process's */));
}

static int
try_shared_memory(const Place *p)
{
    (void)p;
    return result(syscall(SYS_shmget, 0 /* private */, (size_t)4096, 01600));
}

/* EFAULT or ENOSYS without the sandbox. */
static int
try_io_uring(const Place *p)
{
    (void)p;
    return result(syscall(SYS_io_uring_setup, 1, NULL));
}

static int
try_bpf(const Place *p)
{
    (void)p;
    return result(syscall(SYS_bpf, -1, NULL, 0));
}

static int
try_death_of_parent(const Place *p)
{
    (void)p;
    return result(prctl(PR_SET_PDEATHSIG, 0));
}

/* A number that no kernel of today knows. */
static int
try_unknown_call(const Place *p)
{
    (void)p;
    return result(syscall(1023));
}

/* ---- what only Landlock refuses ---- */

static int
try_read_other(const Place *p)
{
    return result(open(p->other, O_RDONLY));
}

static int
try_read_shadow(const Place *p)
{
    (void)p;
    return result(open("/etc/shadow", O_RDONLY));
}

static int
try_list_folder(const Place *p)
{
    return result(open(p->shut, O_RDONLY | O_DIRECTORY));
}

static int
try_read_parent(const Place *p)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/environ", p->test);
    return result(open(path, O_RDONLY));
}

/* ---- what must still work ---- */

static int
work_read(const Place *p)
{
    char c[8] = {0};
    int fd = open(p->allowed, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? errno : read(fd, c, sizeof c) == 4 && strcmp(c, "text") == 0 ? DONE : EIO;
}

static int
work_read_by_stream(const Place *p)
{
    g_autofree char *text = NULL;
    return g_file_get_contents(p->link, &text, NULL, NULL) && strcmp(text, "other") == 0 ? DONE
                                                                                         : EIO;
}

static int
work_write_pipe(const Place *p)
{
    char c = 0;
    return write(p->pipe[1], "x", 1) == 1 && read(p->pipe[0], &c, 1) == 1 && c == 'x' ? DONE : EIO;
}

static gpointer
twice(gpointer data)
{
    g_autofree char *memory = g_malloc0(1 << 20);
    return GINT_TO_POINTER(2 * GPOINTER_TO_INT(data) + memory[1 << 10]);
}

static int
work_threads(const Place *p)
{
    (void)p;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        int failed = pthread_create(&threads[i], NULL, twice, GINT_TO_POINTER(i));
        if (failed != 0) {
            return failed;
        }
    }
    for (int i = 0; i < 4; i++) {
        gpointer r = NULL;
        if (pthread_join(threads[i], &r) != 0 || GPOINTER_TO_INT(r) != 2 * i) {
            return EIO;
        }
    }
    g_autoptr(GThread) thread = g_thread_try_new("named", twice, GINT_TO_POINTER(3), NULL);
    return thread != NULL && GPOINTER_TO_INT(g_thread_join(g_steal_pointer(&thread))) == 6 ? DONE
                                                                                           : EIO;
}

static int
work_memory(const Place *p)
{
    gsize size = 64u << 20;
    char *all =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, p->reading, 0);
    char *file = mmap(NULL, 4, PROT_READ, MAP_PRIVATE, p->reading, 0);
    if (all == MAP_FAILED || file == MAP_FAILED || memcmp(file, "text", 4) != 0) {
        return errno != 0 ? errno : EIO;
    }
    all[size - 1] = 1;
    char *heap = malloc(size);
    heap = heap != NULL ? realloc(heap, 2 * size) : NULL;
    int r = heap != NULL && munmap(all, size) == 0 && munmap(file, 4) == 0 ? DONE : ENOMEM;
    free(heap);
    return r;
}

/* Opens and reads every file below a folder of which there must be some. */
static guint
files_read(const char *folder)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL && n < 20) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        char c;
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd >= 0 && read(fd, &c, 1) == 1) {
            n++;
        }
        if (fd >= 0) {
            close(fd);
            n += g_file_test(path, G_FILE_TEST_IS_DIR) ? files_read(path) : 0;
        }
    }
    return n;
}

static int
work_read_fonts(const Place *p)
{
    (void)p;
    return files_read("/usr/share/fonts") > 0 && files_read("/etc/fonts") > 0 ? DONE : EIO;
}

static int
work_read_data(const Place *p)
{
    (void)p;
    return files_read("/usr/share/poppler/cMap/Adobe-Japan1") > 0 &&
                   files_read("/usr/share/tesseract-ocr/5/tessdata") > 0 &&
                   files_read("/usr/share/zoneinfo") > 0
               ? DONE
               : EIO;
}

/* The converter is a shared library. */
static int
work_convert(const Place *p)
{
    (void)p;
    char in[] = "\x93\xFA", out[8] = {0}, *from = in, *to = out;
    size_t left = 2, room = sizeof out;
    iconv_t converter = iconv_open("UTF-8", "SHIFT_JIS");
    gboolean opened = converter != (iconv_t)-1;
    int r = opened && iconv(converter, &from, &left, &to, &room) == 0 && strcmp(out, "日") == 0
                ? DONE
                : EIO;
    if (opened) {
        iconv_close(converter);
    }
    return r;
}

static int
work_random(const Place *p)
{
    (void)p;
    char c;
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC), null = open("/dev/null", O_RDONLY);
    int r = fd >= 0 && null >= 0 && read(fd, &c, 1) == 1 && getentropy(&c, 1) == 0 ? DONE : EIO;
    close(fd);
    close(null);
    return r;
}

static int
work_descriptors(const Place *p)
{
    struct stat st;
    int copy = fcntl(p->reading, F_DUPFD_CLOEXEC, 3), more[2];
    return copy >= 0 && fcntl(copy, F_GETFL) >= 0 && fstat(copy, &st) == 0 && pipe(more) == 0 &&
                   lseek(copy, 0, SEEK_END) == 4 && isatty(copy) == 0 && errno == ENOTTY
               ? DONE
               : errno;
}

/* So that a page that crashes is told from one that takes too long. */
static int
work_abort(const Place *p)
{
    (void)p;
    abort();
}

static int
work_processor_limit(const Place *p)
{
    (void)p;
    struct itimerval timer = {.it_value = {.tv_usec = 1000}};
    signal(SIGPROF, SIG_DFL);
    setitimer(ITIMER_PROF, &timer, NULL);
    for (volatile guint i = 0; i < G_MAXUINT; i++) {
    }
    return EIO;
}

/* ---- running ---- */

static void
place_new(Place *p)
{
    *p = (Place){.test = getpid()};
    p->folder = g_dir_make_tmp("sandbox-test-XXXXXX", NULL);
    g_assert_nonnull(p->folder);
    p->allowed = g_build_filename(p->folder, "allowed", NULL);
    p->link = g_build_filename(p->folder, "link", NULL);
    p->shut = g_build_filename(p->folder, "shut", NULL);
    p->other = g_build_filename(p->shut, "other", NULL);
    p->fresh = g_build_filename(p->folder, "fresh", NULL);
    g_assert_cmpint(g_mkdir(p->shut, 0700), ==, 0);
    g_assert_true(g_file_set_contents(p->allowed, "text", -1, NULL));
    g_assert_true(g_file_set_contents(p->other, "other", -1, NULL));
    p->reading = open(p->allowed, O_RDONLY | O_CLOEXEC);
    g_assert_cmpint(pipe(p->pipe), ==, 0);
    p->tcp = socket(AF_INET, SOCK_STREAM, 0);
    p->at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof p->at;
    g_assert_cmpint(bind(p->tcp, (struct sockaddr *)&p->at, size), ==, 0);
    g_assert_cmpint(getsockname(p->tcp, (struct sockaddr *)&p->at, &size), ==, 0);
    g_assert_cmpint(listen(p->tcp, 1), ==, 0);
    p->local = socket(AF_UNIX, SOCK_STREAM, 0);
    p->name.sun_family = AF_UNIX;
    g_snprintf(p->name.sun_path, sizeof p->name.sun_path, "%s/socket", p->folder);
    g_assert_cmpint(bind(p->local, (struct sockaddr *)&p->name, sizeof p->name), ==, 0);
    g_assert_cmpint(listen(p->local, 1), ==, 0);
}

static void
place_clear(Place *p)
{
    if (p->folder == NULL) {
        return;
    }
    int open_ones[] = {p->reading, p->pipe[0], p->pipe[1], p->tcp, p->local};
    for (guint i = 0; i < G_N_ELEMENTS(open_ones); i++) {
        close(open_ones[i]);
    }
    char *files[] = {p->name.sun_path, p->allowed, p->link, p->other, p->fresh, p->shut, p->folder};
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_remove(files[i]);
    }
    char *names[] = {p->allowed, p->link, p->other, p->fresh, p->shut, p->folder};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_free(names[i]);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static int
child_wait(pid_t pid)
{
    int status = 0;
    g_assert_cmpint(pid, >, 0);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : BY_SIGNAL + WTERMSIG(status);
}

/* What the kernel is made to lack; NO_SANDBOX: it is not entered. */
typedef enum { AS_IS, NO_LANDLOCK, NO_SECCOMP, NEITHER, NO_SANDBOX } Kernel;

static void
kernel_pretend(Kernel kernel)
{
#ifdef SANDBOX
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int failed = 0;
    if (kernel == NO_LANDLOCK || kernel == NEITHER) {
        failed |=
            seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0);
    }
    if (kernel == NO_SECCOMP || kernel == NEITHER) {
        failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0);
        failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
                                   SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0));
    }
    failed |= kernel != AS_IS ? seccomp_load(filter) : 0;
    g_assert_cmpint(failed, ==, 0);
    seccomp_release(filter);
#else
    (void)kernel; /* there is nothing to lack */
#endif
}

/* What an attempt comes to. */
static int
outcome(const Place *place, Attempt attempt, Kernel kernel)
{
    pid_t pid = fork();
    if (pid == 0) {
        g_autoptr(GPtrArray) readable = g_ptr_array_new();
        g_ptr_array_add(readable, place->allowed);
        g_ptr_array_add(readable, place->link);
        if (kernel != NO_SANDBOX) {
            kernel_pretend(kernel);
            sandbox_enter(readable);
        }
        errno = 0;
        _exit(attempt(place));
    }
    return child_wait(pid);
}

/* What this kernel enforces, as a child is told. */
static guint
enforced(Kernel kernel)
{
    pid_t pid = fork();
    if (pid == 0) {
        kernel_pretend(kernel);
        _exit((int)sandbox_enter(NULL));
    }
    return (guint)child_wait(pid);
}

/* FALSE, having said so, where the kernel does not enforce it. */
static gboolean
is_enforced(guint wanted)
{
    guint flags = enforced(AS_IS);
    if ((flags & wanted) == wanted) {
        return TRUE;
    }
    g_test_skip(sandbox_words(flags));
    return FALSE;
}

static void
assert_untouched(const Place *p)
{
    struct stat st;
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(p->allowed, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "text");
    g_assert_cmpint(lstat(p->fresh, &st), !=, 0);
}

typedef struct {
    const char *name;
    Attempt attempt;
    gboolean untried;
    int refusal; /* 0: EPERM */
} Refusal;

static void
test_refused(gconstpointer data)
{
    const Refusal *r = data;
    g_auto(Place) without = {0}, with = {0};
    if (!is_enforced(SANDBOX_FILES_BY_SECCOMP | SANDBOX_NETWORK)) {
        return;
    }
    place_new(&without);
    place_new(&with);
    if (!r->untried) {
        int before = outcome(&without, r->attempt, NO_SANDBOX);
        g_assert_cmpint(before, !=, EPERM);
        g_assert_cmpint(before, <, BY_SIGNAL);
    }
    g_assert_cmpint(outcome(&with, r->attempt, NO_LANDLOCK), ==,
                    r->refusal != 0 ? r->refusal : EPERM);
    assert_untouched(&with);
}

static void
test_unreadable(gconstpointer data)
{
    const Refusal *r = data;
    g_auto(Place) place = {0};
    if (!is_enforced(SANDBOX_FILES_BY_LANDLOCK)) {
        return;
    }
    place_new(&place);
    if (!r->untried) {
        g_assert_cmpint(outcome(&place, r->attempt, NO_SANDBOX), ==, DONE);
    }
    g_assert_cmpint(outcome(&place, r->attempt, AS_IS), ==, EACCES);
}

/* Landlock by itself lets nothing be written. */
static void
test_unwritable(gconstpointer data)
{
    const Refusal *r = data;
    g_auto(Place) without = {0}, with = {0};
    if (!is_enforced(SANDBOX_ALL)) { /* without seccomp its lack cannot be pretended */
        return;
    }
    place_new(&without);
    place_new(&with);
    g_assert_cmpint(outcome(&without, r->attempt, NO_SANDBOX), ==, DONE);
    g_assert_cmpint(outcome(&with, r->attempt, NO_SECCOMP), ==, EACCES);
    assert_untouched(&with);
}

static void
test_flags_say_what_is_enforced(void)
{
    if (!is_enforced(SANDBOX_ALL)) {
        return;
    }
    g_assert_cmpuint(enforced(AS_IS), ==, SANDBOX_ALL);
    g_assert_cmpuint(enforced(NO_LANDLOCK), ==, SANDBOX_FILES_BY_SECCOMP | SANDBOX_NETWORK);
    g_assert_cmpuint(enforced(NO_SECCOMP), ==, SANDBOX_FILES_BY_LANDLOCK);
    g_assert_cmpuint(enforced(NEITHER), ==, 0);
}

typedef struct {
    const char *name;
    Attempt attempt;
} Work;

static void
test_works(gconstpointer data)
{
    const Work *work = data;
    g_auto(Place) place = {0};
    place_new(&place);
    g_assert_cmpint(symlink(place.other, place.link), ==, 0);
    g_assert_cmpint(outcome(&place, work->attempt, AS_IS), ==, DONE);
}

static void
test_dies_of(gconstpointer data)
{
    const Work *work = data;
    int number = work->attempt == work_abort ? SIGABRT : SIGPROF;
    g_auto(Place) place = {0};
    place_new(&place);
    g_assert_cmpint(outcome(&place, work->attempt, AS_IS), ==, BY_SIGNAL + number);
}

static gpointer
attempt_in_thread(gpointer data)
{
    return GINT_TO_POINTER(try_socket(data));
}

static int
try_in_thread(const Place *p)
{
    g_autoptr(GThread) thread = g_thread_new("attempt", attempt_in_thread, NULL);
    (void)p;
    return GPOINTER_TO_INT(g_thread_join(g_steal_pointer(&thread)));
}

/* Fonts in folders that only the configuration names, and models where the environment says. */
static void
test_environment_is_readable(void)
{
    g_auto(Place) place = {0};
    if (!is_enforced(SANDBOX_FILES_BY_LANDLOCK)) {
        return;
    }
    place_new(&place);
    g_autofree char *file = g_build_filename(place.folder, "fresh", NULL);
    g_autofree char *xml = g_strdup_printf(
        "<?xml version=\"1.0\"?>\n<fontconfig>\n <dir>\n  %s</dir>\n</fontconfig>\n", place.shut);
    g_assert_cmpint(outcome(&place, try_read_other, AS_IS), ==, EACCES);
    g_assert_true(g_file_set_contents(file, xml, -1, NULL));
    g_setenv("FONTCONFIG_FILE", file, TRUE);
    g_assert_cmpint(outcome(&place, try_read_other, AS_IS), ==, DONE);
    g_unsetenv("FONTCONFIG_FILE");
    g_assert_cmpint(outcome(&place, try_read_other, AS_IS), ==, EACCES);
    g_setenv("TESSDATA_PREFIX", place.shut, TRUE);
    g_assert_cmpint(outcome(&place, try_read_other, AS_IS), ==, DONE);
    g_unsetenv("TESSDATA_PREFIX");
}

/* A folder of models or fonts may hold nothing but links. */
static void
test_links_of_models_are_followed(void)
{
    g_auto(Place) place = {0};
    if (!is_enforced(SANDBOX_FILES_BY_LANDLOCK)) {
        return;
    }
    place_new(&place);
    g_autofree char *models = g_dir_make_tmp("sandbox-test-XXXXXX", NULL);
    g_autofree char *model = g_build_filename(models, "jpn.traineddata", NULL);
    g_assert_cmpint(symlink(place.other, model), ==, 0);
    g_setenv("TESSDATA_PREFIX", models, TRUE);
    int r = outcome(&place, try_read_other, AS_IS);
    g_unsetenv("TESSDATA_PREFIX");
    g_remove(model);
    g_remove(models);
    g_assert_cmpint(r, ==, DONE);
}

static void
test_words_say_what_is_missing(void)
{
    const guint by_seccomp = SANDBOX_FILES_BY_SECCOMP | SANDBOX_NETWORK;
    g_assert_null(sandbox_words(SANDBOX_ALL));
    g_assert_nonnull(strstr(sandbox_words(by_seccomp), "without Landlock"));
    g_assert_nonnull(strstr(sandbox_words(SANDBOX_FILES_BY_LANDLOCK), "without seccomp"));
    g_assert_nonnull(strstr(sandbox_words(0), "without a sandbox"));
    g_assert_nonnull(strstr(sandbox_words(SANDBOX_LEFT_OUT), "left out"));
}

#ifdef __x86_64__
/* The other tables of system calls that an x86-64 kernel may have: getpid() of 32 bits. */
static int
try_calls_of_32_bits(const Place *p)
{
    (void)p;
    long r = 20;
    __asm__ volatile("int $0x80" : "+a"(r) : : "memory", "r8", "r9", "r10", "r11");
    return r < 0 ? (int)-r : DONE;
}

static int
try_calls_of_x32(const Place *p)
{
    (void)p;
    return result(syscall(0x40000000 | SYS_socket, AF_INET, SOCK_DGRAM, 0));
}

static void
test_other_tables_are_shut(void)
{
    g_auto(Place) place = {0};
    if (!is_enforced(SANDBOX_NETWORK)) {
        return;
    }
    place_new(&place);
    g_assert_cmpint(outcome(&place, try_calls_of_x32, AS_IS), ==, EPERM);
    if (outcome(&place, try_calls_of_32_bits, NO_SANDBOX) != DONE) {
        g_test_skip("this kernel runs no programs of 32 bits");
        return;
    }
    g_assert_cmpint(outcome(&place, try_calls_of_32_bits, AS_IS), ==, EPERM);
}
#endif

/* ---- all ---- */

static const Refusal REFUSALS[] = {
    {"create", try_create, FALSE, 0},
    {"create-for-reading", try_create_for_reading, FALSE, 0},
    {"creat", try_creat, FALSE, 0},
    {"temporary", try_temporary, FALSE, 0},
    {"open-for-writing", try_open_for_writing, FALSE, 0},
    {"open-for-both", try_open_for_both, FALSE, 0},
    {"empty-by-reading", try_empty_by_reading, FALSE, 0},
    {"openat2", try_openat2, FALSE, ENOSYS},
    {"reopen", try_reopen, FALSE, 0},
    {"truncate", try_truncate, FALSE, 0},
    {"unlink", try_unlink, FALSE, 0},
    {"rename", try_rename, FALSE, 0},
    {"link", try_link, FALSE, 0},
    {"symlink", try_symlink, FALSE, 0},
    {"mkdir", try_mkdir, FALSE, 0},
    {"mkfifo", try_mkfifo, FALSE, 0},
    {"chmod", try_chmod, FALSE, 0},
    {"fchmod", try_fchmod, FALSE, 0},
    {"chown", try_chown, FALSE, 0},
    {"times", try_times, FALSE, 0},
    {"attribute", try_attribute, FALSE, 0},
    {"file-flags", try_file_flags, FALSE, 0},
    {"socket", try_socket, FALSE, 0},
    {"connect", try_connect, FALSE, 0},
    {"connect-local", try_connect_local, FALSE, 0},
    {"accept", try_accept, FALSE, 0},
    {"socket-in-thread", try_in_thread, FALSE, 0},
    {"execute", try_execute, FALSE, 0},
    {"execute-descriptor", try_execute_descriptor, FALSE, 0},
    {"fork", try_fork, FALSE, 0},
    {"spawn", try_spawn, FALSE, 0},
    {"namespace", try_namespace, UNTRIED, 0},
    {"trace-parent", try_trace_parent, UNTRIED, 0},
    {"memory-of-parent", try_read_memory_of_parent, UNTRIED, 0},
    {"kill-parent", try_kill_parent, FALSE, 0},
    {"thread-kill", try_thread_kill, FALSE, 0},
    {"pidfd", try_pidfd, FALSE, 0},
    {"signal-by-pipe", try_signal_by_pipe, FALSE, 0},
    {"limit-of-parent", try_limit_of_parent, FALSE, 0},
    {"own-limit", try_own_limit, FALSE, 0},
    {"mount", try_mount, UNTRIED, 0},
    {"credentials", try_credentials, FALSE, 0},
    {"key", try_key, UNTRIED, 0},
    {"shared-memory", try_shared_memory, FALSE, 0},
    {"io_uring", try_io_uring, UNTRIED, 0},
    {"bpf", try_bpf, UNTRIED, 0},
    {"death-of-parent", try_death_of_parent, FALSE, 0},
    {"unknown-call", try_unknown_call, FALSE, 0},
};

static const Refusal UNREADABLE[] = {
    {"other", try_read_other, FALSE, 0},
    {"shadow", try_read_shadow, UNTRIED, 0},
    {"folder", try_list_folder, FALSE, 0},
    {"parent", try_read_parent, FALSE, 0},
};

static const Refusal UNWRITABLE[] = {
    {"create", try_create, FALSE, 0},
    {"open-for-writing", try_open_for_writing, FALSE, 0},
    {"empty-by-reading", try_empty_by_reading, FALSE, 0},
    {"openat2", try_openat2, FALSE, 0},
    {"reopen", try_reopen, FALSE, 0},
    {"truncate", try_truncate, FALSE, 0},
    {"unlink", try_unlink, FALSE, 0},
    {"rename", try_rename, FALSE, 0},
    {"link", try_link, FALSE, 0},
    {"symlink", try_symlink, FALSE, 0},
    {"mkdir", try_mkdir, FALSE, 0},
    {"mkfifo", try_mkfifo, FALSE, 0},
};

static const Work WORKS[] = {
    {"read", work_read},
    {"read-through-link", work_read_by_stream},
    {"write-pipe", work_write_pipe},
    {"threads", work_threads},
    {"memory", work_memory},
    {"fonts", work_read_fonts},
    {"data", work_read_data},
    {"convert", work_convert},
    {"random", work_random},
    {"descriptors", work_descriptors},
};

static const Work DEATHS[] = {{"abort", work_abort}, {"processor-limit", work_processor_limit}};

static void
add(const char *group, const char *name, gconstpointer data, GTestDataFunc test)
{
    g_autofree char *path = g_strdup_printf("/sandbox/%s/%s", group, name);
    g_test_add_data_func(path, data, test);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(REFUSALS); i++) {
        add("refused", REFUSALS[i].name, &REFUSALS[i], test_refused);
    }
    for (guint i = 0; i < G_N_ELEMENTS(UNREADABLE); i++) {
        add("unreadable", UNREADABLE[i].name, &UNREADABLE[i], test_unreadable);
    }
    for (guint i = 0; i < G_N_ELEMENTS(UNWRITABLE); i++) {
        add("unwritable", UNWRITABLE[i].name, &UNWRITABLE[i], test_unwritable);
    }
    for (guint i = 0; i < G_N_ELEMENTS(WORKS); i++) {
        add("works", WORKS[i].name, &WORKS[i], test_works);
    }
    for (guint i = 0; i < G_N_ELEMENTS(DEATHS); i++) {
        add("dies-of", DEATHS[i].name, &DEATHS[i], test_dies_of);
    }
#ifdef __x86_64__
    g_test_add_func("/sandbox/refused/other-tables", test_other_tables_are_shut);
#endif
    g_test_add_func("/sandbox/readable/environment", test_environment_is_readable);
    g_test_add_func("/sandbox/readable/links", test_links_of_models_are_followed);
    g_test_add_func("/sandbox/flags", test_flags_say_what_is_enforced);
    g_test_add_func("/sandbox/words", test_words_say_what_is_missing);
    return g_test_run();
}
