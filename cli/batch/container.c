/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "container.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container-process.h"
#include "input.h"
#include "member-names.h"
#include "pdf.h"

/* A year of a ministry's papers is some ten thousand files. */
#define MEMBERS_MOST 1000000u
/* Names of a million members at 250 bytes. */
#define LISTING_MOST (256ull << 20)
/* The child ends the list once it is over its limit: by a name or two. */
#define LISTING_SLACK (256u << 10)
/* What standard input may be, too. */
#define MEMBER_BYTES (2ull << 30)
/* A container of scans of a whole archive has some ten GiB. */
#define TOTAL_BYTES (256ull << 30)
/* Pages scanned and kept without compression pack to a hundredth at most, a blank one in black and
 * white to a thousandth: over RATIO_FROM bytes, more than the largest picture that is read, no
 * report comes near to this, and what Deflate can do at most (1,032) does. */
#define RATIO 300u
#define RATIO_FROM (320ull << 20)
/* Of the whole container: members that share their bytes are a bomb, too. */
#define RATIO_TOTAL (1ull << 30)
/* Decoding xz -9 takes 65 MiB, zstd at most 128, a million entries of a ZIP 300. */
#define CHILD_BYTES (640ull << 20)
#define CPU_SECONDS 60u
#define WALL_SECONDS 120u

ContainerOptions
container_options(void)
{
    return (ContainerOptions){.members = MEMBERS_MOST,
                              .listing_bytes = LISTING_MOST,
                              .member_bytes = MEMBER_BYTES,
                              .total_bytes = TOTAL_BYTES,
                              .ratio = RATIO,
                              .ratio_from = RATIO_FROM,
                              .ratio_total = RATIO_TOTAL,
                              .memory = CHILD_BYTES,
                              .cpu_seconds = CPU_SECONDS,
                              .wall_seconds = WALL_SECONDS};
}

gboolean
container_is_one(const char *name)
{
    static const char *const suffixes[] = {".zip",     ".tar",     ".tar.gz", ".tgz",
                                           ".tar.bz2", ".tbz",     ".tbz2",   ".tar.xz",
                                           ".txz",     ".tar.zst", ".tzst"};
    gsize n = strlen(name);
    for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        gsize m = strlen(suffixes[i]);
        if (n > m && name[n - m - 1] != '/' && g_ascii_strcasecmp(name + n - m, suffixes[i]) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static const char *
refusal_words(Refusal refusal)
{
    static const char *const words[N_REFUSALS] = {
        [REFUSAL_NONE] = NULL,
        [REFUSAL_ABSOLUTE] = "its name is an absolute path",
        [REFUSAL_OUTSIDE] = "its name leads out of the archive (..)",
        [REFUSAL_NAMELESS] = "it has no name",
        [REFUSAL_LONG] = "its name is too long",
        [REFUSAL_SYMLINK] = "is a symbolic link",
        [REFUSAL_HARDLINK] = "is a link to another member",
        [REFUSAL_SPECIAL] = "is no regular file",
        [REFUSAL_ENCRYPTED] = "is encrypted",
        [REFUSAL_LARGE] = "is too large",
        [REFUSAL_SAME] = "has the name of a member before it",
    };
    return words[refusal];
}

/* ---- what the child says ---- */

typedef struct {
    ContainerList *list;
    GHashTable *paths; /* const char *: those so far */
    GError *hopeless;
} Listing;

/* A second member of a name: refused, under another name. */
static const char *
unique_path(const Listing *listing, const char *path, guint32 index)
{
    g_autoptr(GString) other = g_string_new(path);
    do {
        g_string_append_printf(other, "%%%u", index);
    } while (g_hash_table_contains(listing->paths, other->str));
    return g_string_chunk_insert(listing->list->strings, other->str);
}

/* FALSE if no honest child says that. */
static gboolean
member_take(Listing *listing, const Wire *wire, const char *first, const char *second)
{
    ContainerList *list = listing->list;
    guint n = list->members->len;
    const ContainerMember *last =
        n > 0 ? &g_array_index(list->members, ContainerMember, n - 1) : NULL;
    const char *path = g_string_chunk_insert_len(list->strings, first, wire->first);
    gboolean sound = strlen(path) == wire->first && member_path_is_safe(path) &&
                     memchr(second, 0, wire->second) == NULL && wire->number >= -1 &&
                     (last == NULL || wire->index > last->index);
    if (!sound) {
        return FALSE;
    }
    Refusal refusal = wire->refusal;
    if (g_hash_table_contains(listing->paths, path)) {
        path = unique_path(listing, path, wire->index);
        refusal = REFUSAL_SAME;
    }
    g_hash_table_add(listing->paths, (gpointer)(gsize)path);
    ContainerMember member = {
        .path = path,
        .raw = wire->second > 0 ? g_string_chunk_insert_len(list->strings, second, wire->second)
                                : NULL,
        .refused = refusal_words(refusal),
        .locked = refusal == REFUSAL_ENCRYPTED,
        .size = wire->number,
        .mtime = wire->time,
        .index = wire->index};
    g_array_append_val(list->members, member);
    return TRUE;
}

static void
members_forget(Listing *listing)
{
    g_hash_table_remove_all(listing->paths);
    g_array_set_size(listing->list->members, 0);
    g_string_chunk_clear(listing->list->strings);
}

/* FALSE if no honest child says that. */
static gboolean
message_take(Listing *listing, const ContainerOptions *options, const Wire *wire, const char *first,
             const char *second)
{
    ContainerList *list = listing->list;
    switch ((WireKind)wire->kind) {
    case WIRE_MEMBER:
        return wire->index < options->members && member_take(listing, wire, first, second);
    case WIRE_WAY:
        members_forget(listing);
        list->way = (ContainerWay)wire->number;
        return wire->number >= CONTAINER_PLAIN && wire->number <= CONTAINER_PACKED;
    case WIRE_ALIVE:
        return TRUE;
    case WIRE_END:
        list->damaged = wire->first > 0 ? container_line(first, wire->first) : NULL;
        list->garbled = wire->refusal != 0;
        list->checked = wire->number != 0;
        return TRUE;
    case WIRE_HOPELESS: {
        g_autofree char *line = container_line(first, wire->first);
        listing->hopeless = g_error_new_literal(EXTRACT_ERROR, (int)wire->number, line);
        return wire->number >= EXTRACT_ERROR_OPEN && wire->number <= EXTRACT_ERROR_ENCRYPTED;
    }
    case WIRE_BEGIN:
    case WIRE_BYTES:
    case WIRE_DONE:
    case WIRE_FAILED:
    default:
        return FALSE;
    }
}

/* Hears the child to its end. A death leaves what has come, and says that the rest is missing. */
static gboolean
listing_hear(Listing *listing, ContainerProcess *process, gboolean *ret_killed, GError **error)
{
    guint64 bytes = 0;
    for (;;) {
        Wire wire;
        const char *first, *second;
        g_autofree char *why = NULL;
        Heard heard = container_process_hear(process, &wire, &first, &second, &why, error);
        if (heard == HEARD_ERROR) {
            return FALSE;
        }
        if (heard == HEARD_MESSAGE) {
            bytes = wire.kind == WIRE_WAY ? 0 : bytes + wire.first + wire.second;
            gboolean sound = bytes <= process->options->listing_bytes + LISTING_SLACK &&
                             message_take(listing, process->options, &wire, first, second);
            if (sound && (wire.kind == WIRE_END || wire.kind == WIRE_HOPELESS)) {
                return TRUE;
            }
            if (sound) {
                continue;
            }
            why = g_strdup("reading it went wrong");
        }
        *ret_killed = heard == HEARD_KILLED;
        listing->list->garbled = listing->list->way == CONTAINER_PACKED; /* checksum not seen */
        g_free(listing->list->damaged);
        listing->list->damaged = g_strdup_printf("cannot be listed to its end: %s", why);
        return TRUE;
    }
}

/* ---- the list ---- */

static ContainerList *
list_new(const char *path, const struct stat *st)
{
    ContainerList *list = g_new0(ContainerList, 1);
    list->file = g_strdup(path);
    list->members = g_array_new(FALSE, FALSE, sizeof(ContainerMember));
    list->strings = g_string_chunk_new(1 << 12);
    list->device = st->st_dev;
    list->inode = st->st_ino;
    list->size = (guint64)st->st_size;
    list->mtime = (gint64)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
    return list;
}

void
container_list_free(ContainerList *list)
{
    if (list != NULL) {
        g_array_unref(list->members);
        g_string_chunk_free(list->strings);
        g_free(list->damaged);
        g_free(list->file);
        g_free(list);
    }
}

const ContainerMember *
container_member(const ContainerList *list, guint32 index)
{
    guint from = 0, to = list->members->len;
    while (from < to) {
        guint middle = from + (to - from) / 2;
        const ContainerMember *m = &g_array_index(list->members, ContainerMember, middle);
        if (m->index == index) {
            return m;
        }
        from = m->index < index ? middle + 1 : from;
        to = m->index < index ? to : middle;
    }
    return NULL;
}

int
container_open(const char *path, struct stat *ret_stat, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, ret_stat) != 0) {
        input_cannot_open(errno, error);
    } else if (!S_ISREG(ret_stat->st_mode)) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN, "is no regular file");
    } else if (ret_stat->st_size == 0) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "is empty");
    } else {
        return fd;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

/* A list that is of no use is an error. */
static gboolean
list_check(const ContainerList *list, GError **error)
{
    guint n = 0;
    for (guint i = 0; i < list->members->len; i++) {
        n += g_array_index(list->members, ContainerMember, i).locked;
    }
    if (list->members->len == 0) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED, "%s",
                    list->damaged != NULL ? list->damaged : "is an archive without files");
        return FALSE;
    }
    if (n == list->members->len) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED, "is encrypted: all of it");
        return FALSE;
    }
    return TRUE;
}

/* One try. ret_killed: somebody has killed the child; another try may do better. */
static ContainerList *
list_once(const char *path, int fd, const struct stat *st, const ContainerOptions *options,
          gboolean *ret_killed, GError **error)
{
    ContainerProcess process = {0};
    ContainerTask task = {.list = TRUE, .options = options};
    if (!container_process_start(&process, fd, &task, error)) {
        return NULL;
    }
    g_autoptr(ContainerList) list = list_new(path, st);
    Listing listing = {list, g_hash_table_new(g_str_hash, g_str_equal), NULL};
    gboolean heard = listing_hear(&listing, &process, ret_killed, error);
    container_process_end(&process);
    g_hash_table_unref(listing.paths);
    if (listing.hopeless != NULL) {
        g_propagate_error(error, listing.hopeless);
        return NULL;
    }
    return heard && list_check(list, error) ? g_steal_pointer(&list) : NULL;
}

ContainerList *
container_list(const char *path, const ContainerOptions *options, GError **error)
{
    struct stat st;
    gboolean killed = FALSE;
    int fd = container_open(path, &st, error);
    if (fd < 0) {
        return NULL;
    }
    g_autoptr(ContainerList) list = list_once(path, fd, &st, options, &killed, error);
    if (killed) {
        g_clear_error(error);
        g_clear_pointer(&list, container_list_free);
        list = list_once(path, fd, &st, options, &killed, error);
    }
    close(fd);
    return g_steal_pointer(&list);
}
