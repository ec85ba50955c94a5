/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "readable.h"

#include <string.h>

/* Of the system, whatever the environment says. */
static const char *const SYSTEM[] = {
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/fontconfig",
    "/usr/share/texmf/fonts",
    "/usr/share/texlive/texmf-dist/fonts",
    "/etc/fonts",
    "/var/cache/fontconfig",
    "/usr/share/poppler",
    "/usr/share/tesseract-ocr",
    "/usr/share/tessdata",
    "/usr/share/locale",
    "/usr/share/zoneinfo",
    "/etc/localtime",
    "/etc/timezone",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
    "/dev/random",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
};
/* Variables of the environment that hold a path, and paths between colons. */
static const char *const OF_A_PATH[] = {"FONTCONFIG_FILE", "FONTCONFIG_SYSROOT", "TESSDATA_PREFIX",
                                        "TZDIR"};
static const char *const OF_PATHS[] = {"FONTCONFIG_PATH", "LOCPATH", "GCONV_PATH",
                                       "LD_LIBRARY_PATH", "TZ"};
/* Of fontconfig, in the home folder. */
static const char *const OF_HOME[] = {".fonts", ".fonts.conf", ".fonts.conf.d", ".fontconfig"};
/* Models for OCR, if the environment names no other folder. */
#define TESSDATA "/usr/share/tesseract-ocr/5/tessdata"
/* Configuration of fonts, likewise. */
#define FONTCONFIG "/etc/fonts"
/* Links to the configuration that Debian's packages bring. They name no folders beside those above,
 * and there are so many that reading them would take half of the time of all this. */
#define PACKAGED "/usr/share/fontconfig/conf.avail/"
/* So far files of configuration are followed that name others. */
#define INCLUDES_DEPTH 4

static void
add(GPtrArray *paths, char *path)
{
    g_ptr_array_add(paths, path);
}

/* The links at the top of a folder, which a rule for the folder does not cover. */
static void
add_links(GPtrArray *paths, const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
            add(paths, g_steal_pointer(&path));
        }
    }
}

/* ---- folders that fontconfig is told of ---- */

static void configuration_scan(GPtrArray *paths, const char *path, guint depth);

/* A path as it stands in an element; NULL for one relative to something, all of which are usual. */
static char *
path_of_element(const char *text, gsize length)
{
    g_autofree char *path = g_strstrip(g_strndup(text, length));
    const char *home = g_getenv("HOME");
    if (path[0] == '~' && home != NULL) {
        return g_build_filename(home, path + 1, NULL);
    }
    return path[0] == '/' ? g_steal_pointer(&path) : NULL;
}

/* Adds what the elements of this name hold: <dir>, <cachedir>, <include>. */
static void
elements_add(GPtrArray *paths, const char *xml, const char *name, gboolean include, guint depth)
{
    g_autofree char *opening = g_strdup_printf("<%s", name);
    for (const char *at = strstr(xml, opening); at != NULL; at = strstr(at + 1, opening)) {
        const char *text = strchr(at, '>');
        const char *end = text != NULL ? strchr(text, '<') : NULL;
        g_autofree char *path = end != NULL ? path_of_element(text + 1, end - text - 1) : NULL;
        if (path == NULL) {
            continue;
        }
        if (include) {
            configuration_scan(paths, path, depth + 1);
        }
        add(paths, g_steal_pointer(&path));
    }
}

static void
file_scan(GPtrArray *paths, const char *path, guint depth)
{
    g_autofree char *xml = NULL;
    g_autofree char *link = g_file_read_link(path, NULL);
    if (link != NULL && strstr(link, PACKAGED) != NULL) {
        return;
    }
    if (link != NULL) {
        add(paths, g_strdup(path));
    }
    if (g_file_get_contents(path, &xml, NULL, NULL)) {
        elements_add(paths, xml, "dir", FALSE, depth);
        elements_add(paths, xml, "cachedir", FALSE, depth);
        elements_add(paths, xml, "include", TRUE, depth);
    }
}

/* A file of configuration, or a folder of such. */
static void
configuration_scan(GPtrArray *paths, const char *path, guint depth)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    if (depth > INCLUDES_DEPTH) {
        return;
    }
    if (dir == NULL) {
        file_scan(paths, path, depth);
        return;
    }
    while ((name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_suffix(name, ".conf")) {
            g_autofree char *file = g_build_filename(path, name, NULL);
            file_scan(paths, file, depth);
        }
    }
}

/* ---- all ---- */

/* A folder of the user's for fonts or fontconfig; NULL without a home. */
static char *
user_folder(const char *variable, const char *below_home, const char *name)
{
    const char *folder = g_getenv(variable), *home = g_getenv("HOME");
    if (folder != NULL && *folder != '\0') {
        return g_build_filename(folder, name, NULL);
    }
    return home != NULL ? g_build_filename(home, below_home, name, NULL) : NULL;
}

static void
add_user(GPtrArray *paths)
{
    const char *home = g_getenv("HOME");
    g_autofree char *fonts = user_folder("XDG_DATA_HOME", ".local/share", "fonts");
    g_autofree char *cache = user_folder("XDG_CACHE_HOME", ".cache", "fontconfig");
    g_autofree char *configuration = user_folder("XDG_CONFIG_HOME", ".config", "fontconfig");
    for (guint i = 0; home != NULL && i < G_N_ELEMENTS(OF_HOME); i++) {
        g_autofree char *path = g_build_filename(home, OF_HOME[i], NULL);
        add_links(paths, path);
        add(paths, g_steal_pointer(&path));
    }
    if (fonts != NULL) {
        add_links(paths, fonts);
        add(paths, g_steal_pointer(&fonts));
    }
    if (configuration != NULL) {
        g_autofree char *further = g_build_filename(configuration, "conf.d", NULL);
        configuration_scan(paths, configuration, 0);
        configuration_scan(paths, further, 0);
        add(paths, g_steal_pointer(&configuration));
    }
    if (cache != NULL) {
        add(paths, g_steal_pointer(&cache));
    }
}

/* The paths in a variable, each with `name` below it if that is not NULL. */
static void
add_paths_of(GPtrArray *paths, const char *variable, const char *name)
{
    const char *value = g_getenv(variable);
    g_auto(GStrv) each = g_strsplit(value != NULL ? value : "", ":", -1);
    for (guint i = 0; each[i] != NULL; i++) {
        if (each[i][0] == '/') { /* others are names, as of a time zone */
            add(paths, g_build_filename(each[i], name, NULL));
        }
    }
}

static void
add_environment(GPtrArray *paths)
{
    const char *models = g_getenv("TESSDATA_PREFIX"), *fonts = g_getenv("FONTCONFIG_FILE");
    for (guint i = 0; i < G_N_ELEMENTS(OF_A_PATH); i++) {
        const char *path = g_getenv(OF_A_PATH[i]);
        if (path != NULL && *path != '\0') {
            add(paths, g_strdup(path));
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(OF_PATHS); i++) {
        add_paths_of(paths, OF_PATHS[i], NULL);
    }
    add_paths_of(paths, "XDG_DATA_DIRS", "fonts");
    add_links(paths, models != NULL && *models != '\0' ? models : TESSDATA);
    if (fonts != NULL && fonts[0] == '/') {
        configuration_scan(paths, fonts, 0);
    }
}

/* Where fonts.conf and what it includes is, of the system. */
static void
add_fontconfig(GPtrArray *paths)
{
    const char *value = g_getenv("FONTCONFIG_PATH");
    g_auto(GStrv) folders = g_strsplit(value != NULL ? value : FONTCONFIG, ":", -1);
    for (guint i = 0; folders[i] != NULL; i++) {
        g_autofree char *further = g_build_filename(folders[i], "conf.d", NULL);
        configuration_scan(paths, folders[i], 0);
        configuration_scan(paths, further, 0);
    }
}

GPtrArray *
readable_paths(void)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < G_N_ELEMENTS(SYSTEM); i++) {
        add(paths, g_strdup(SYSTEM[i]));
    }
    add_environment(paths);
    add_fontconfig(paths);
    add_user(paths);
    return paths;
}
