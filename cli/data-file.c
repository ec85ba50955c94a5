/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data-file.h"

#include <gio/gio.h>

#define MODEL "joins.ngrams"

char *
data_file_path(const char *name)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = program != NULL ? g_path_get_dirname(program) : g_strdup(".");
    g_autofree char *beside = g_build_filename(folder, "..", "share", "yomijun", name, NULL);
    g_autofree char *installed = g_build_filename(YOMIJUN_DATADIR, name, NULL);
    g_autofree char *verify = g_build_filename(YOMIJUN_SOURCEDIR, "verify", name, NULL);
    char **places[] = {&beside, &installed, &verify};
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        if (g_file_test(*places[i], G_FILE_TEST_EXISTS)) {
            return g_steal_pointer(places[i]);
        }
    }
    return g_build_filename(YOMIJUN_SOURCEDIR, "reconstruct", name, NULL);
}

/* The unpacked bytes of a gzip file; NULL with an error. */
static GBytes *
unpack(const char *path, GError **error)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GFileInputStream) packed = g_file_read(file, NULL, error);
    if (packed == NULL) {
        return NULL;
    }
    g_autoptr(GConverter) gunzip =
        G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
    g_autoptr(GInputStream) plain = g_converter_input_stream_new(G_INPUT_STREAM(packed), gunzip);
    g_autoptr(GOutputStream) bytes = g_memory_output_stream_new_resizable();
    if (g_output_stream_splice(bytes, plain, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) <
        0) {
        return NULL;
    }
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(bytes));
}

char *
join_model_hash(void)
{
    g_autofree char *path = data_file_path(MODEL);
    g_autofree char *bytes = NULL;
    gsize size = 0;
    return g_file_get_contents(path, &bytes, &size, NULL)
               ? g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size)
               : NULL;
}

JoinModel *
join_model_load(GError **error)
{
    g_autofree char *path = data_file_path(MODEL);
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) bytes = unpack(path, &why);
    JoinModel *model = NULL;
    if (bytes != NULL) {
        gsize size = 0;
        const guint8 *data = g_bytes_get_data(bytes, &size);
        model = join_model_parse(data, size);
    }
    if (model == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                    "%s is %s: scripts/make-join-model makes it", path,
                    g_error_matches(why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? "missing" : "damaged");
    }
    return model;
}
