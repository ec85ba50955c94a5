/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "members.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "runner.h"
#include "sandbox.h"
#include "task-files.h"

struct Members {
    const PlanItem *items;
    guint n_items;
    const char *scratch;
    GArray *wanted;    /* guint32 */
    GHashTable *owner; /* member → item index + 1 */
    guint *missing;    /* of each item: members that have not come yet */
    char **why;        /* of each item, or NULL */
    ContainerOptions options;
    ContainerReader *reader;
};

/* What the kernel has not is said once, for all that is read (run.c). */
static gboolean
enter_sandbox(void)
{
    sandbox_enter(NULL);
    return TRUE;
}

ContainerOptions
members_options(void)
{
    ContainerOptions options = container_options();
    options.enter = enter_sandbox;
    return options;
}

static char *
folder_of(const char *scratch, gint64 id)
{
    return g_strdup_printf("%s/%" G_GINT64_FORMAT ".d", scratch, id);
}

static int
compare_index(gconstpointer a, gconstpointer b)
{
    guint32 p = *(const guint32 *)a, q = *(const guint32 *)b;
    return p < q ? -1 : p > q;
}

static void
want(Members *m, guint item, guint32 member)
{
    if (member == DOCUMENT_NO_MEMBER) {
        return;
    }
    g_array_append_val(m->wanted, member);
    g_hash_table_insert(m->owner, GUINT_TO_POINTER(member), GUINT_TO_POINTER(item + 1));
    m->missing[item]++;
}

static void
want_all(Members *m, guint item, const Document *d, const Documents *of)
{
    want(m, item, d->member);
    for (guint k = 0; k < d->n_files; k++) {
        want(m, item, g_array_index(of->files, DocumentFile, d->first_file + k).member);
    }
    for (guint k = 0; k < d->n_texts; k++) {
        want(m, item, g_array_index(of->texts, DocumentText, d->first_text + k).member);
    }
}

Members *
members_new(const PlanItem *items, guint n_items, const char *scratch, GError **error)
{
    g_autoptr(Members) m = g_new0(Members, 1);
    m->items = items;
    m->n_items = n_items;
    m->scratch = scratch;
    m->wanted = g_array_new(FALSE, FALSE, sizeof(guint32));
    m->owner = g_hash_table_new(NULL, NULL);
    m->missing = g_new0(guint, (gsize)n_items + 1);
    m->why = g_new0(char *, (gsize)n_items + 1);
    m->options = members_options();
    m->options.stop = runner_interrupted;
    for (guint i = 0; i < n_items; i++) {
        want_all(m, i, items[i].document, items[i].documents);
    }
    g_array_sort(m->wanted, compare_index);
    m->reader = container_reader_new(items[0].list, m->wanted, &m->options, error);
    return m->reader != NULL ? g_steal_pointer(&m) : NULL;
}

void
members_free(Members *members)
{
    if (members == NULL) {
        return;
    }
    container_reader_free(members->reader);
    g_array_unref(members->wanted);
    g_hash_table_unref(members->owner);
    for (guint i = 0; i < members->n_items; i++) {
        g_free(members->why[i]);
    }
    g_free(members->why);
    g_free(members->missing);
    g_free(members);
}

/* ---- files of their own ---- */

static gboolean
copy_all(int from, int to)
{
    ssize_t n;
    while ((n = copy_file_range(from, NULL, to, NULL, 1 << 24, 0)) > 0) {
    }
    char buffer[1 << 14];
    while (n < 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS)) { /* the slow way */
        while ((n = read(from, buffer, sizeof buffer)) > 0) {
            if (write(to, buffer, (size_t)n) != n) {
                return FALSE;
            }
        }
        break;
    }
    return n == 0;
}

/* Where a page image, or a text, is saved. */
static char *
file_path(gconstpointer user_data, const PlanItem *item, const char *path, guint32 member)
{
    const Members *m = user_data;
    (void)path;
    const ContainerMember *of = container_member(item->list, member);
    g_autofree char *folder = folder_of(m->scratch, item->id);
    g_autofree char *base = g_path_get_basename(of->path);
    return g_build_filename(folder, base, NULL);
}

/* Saves a file where its document has its files. */
static gboolean
save(const Members *m, const PlanItem *item, guint32 member, int fd, GError **error)
{
    g_autofree char *folder = folder_of(m->scratch, item->id);
    g_autofree char *path = file_path(m, item, NULL, member);
    g_mkdir(folder, 0700);
    int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    gboolean ok = to >= 0 && copy_all(fd, to);
    ok = (to < 0 || close(to) == 0) && ok;
    if (!ok) {
        int why = errno;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: %s", path,
                    g_strerror(why));
    }
    return ok;
}

/* A member has come. TRUE if with it its document is whole, or can never be. */
static gboolean
take_member(Members *m, guint item, guint32 member, int fd, char *why, Task *task, GError **error)
{
    const PlanItem *of = &m->items[item];
    m->missing[item]--;
    if (why != NULL) {
        g_free(m->why[item]);
        m->why[item] = why;
    } else if (of->document->kind == DOCUMENT_PDF) {
        task->fd = fd;
        return TRUE;
    } else {
        gboolean ok = save(m, of, member, fd, error);
        close(fd);
        if (!ok) {
            return FALSE;
        }
    }
    return m->missing[item] == 0;
}

gboolean
members_next(Members *members, const PlanItem **ret_item, Task *ret_task, char **ret_why,
             GError **error)
{
    guint32 member;
    int fd;
    char *why = NULL;
    GError *failed = NULL;
    while (container_reader_next(members->reader, &member, &fd, &why, &failed)) {
        guint item =
            GPOINTER_TO_UINT(g_hash_table_lookup(members->owner, GUINT_TO_POINTER(member))) - 1;
        gboolean whole = take_member(members, item, member, fd, why, ret_task, &failed);
        why = NULL;
        if (failed != NULL) {
            break;
        }
        if (!whole) {
            continue;
        }
        *ret_item = &members->items[item];
        *ret_why = g_steal_pointer(&members->why[item]);
        if (*ret_why == NULL && ret_task->fd < 0) {
            task_files_fill(ret_task, *ret_item, file_path, members);
        }
        return TRUE;
    }
    if (failed != NULL) {
        g_propagate_error(error, failed);
    }
    return FALSE;
}
