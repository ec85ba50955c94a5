/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image-set.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

#include "pdf.h"
#include "raster.h"

/* A resolution that a file claims is believed within these. */
#define DPI_LEAST 50
#define DPI_MOST 2400
/* A4's long side in inches: what a picture of unknown resolution most likely shows. */
#define A4_LONG 11.69
/* Resolutions that an inferred one is taken for, if it is within this part of them. */
#define DPI_NEAR 0.03

typedef struct {
    guint file; /* index into paths */
    int frame;  /* of a TIFF; 0 in others */
} ImageFrame;

struct ImageSet {
    const GPtrArray *paths; /* borrowed */
    GArray *frames;         /* ImageFrame */
};

/* ---- files ---- */

static gboolean
is_tiff(const guint8 *head)
{
    return memcmp(head, "II*\0", 4) == 0 || memcmp(head, "MM\0*", 4) == 0 ||
           memcmp(head, "II+\0", 4) == 0 || memcmp(head, "MM\0+", 4) == 0;
}

gboolean
image_is_known(int fd)
{
    guint8 head[8] = {0};
    if (pread(fd, head, sizeof head, 0) < 4) {
        return FALSE;
    }
    return memcmp(head, "\x89PNG", 4) == 0 || memcmp(head, "\xFF\xD8\xFF", 3) == 0 || is_tiff(head);
}

/* Digits by their value, everything else by its bytes. */
int
image_names_compare(const char *a, const char *b)
{
    const char *whole_a = a, *whole_b = b;
    while (*a != '\0' && *b != '\0') {
        if (g_ascii_isdigit(*a) && g_ascii_isdigit(*b)) {
            a += strspn(a, "0");
            b += strspn(b, "0");
            size_t n = strspn(a, "0123456789"), m = strspn(b, "0123456789");
            int by = n != m ? (n < m ? -1 : 1) : strncmp(a, b, n);
            if (by != 0) {
                return by;
            }
            a += n;
            b += m;
        } else if (*a != *b) {
            return (guchar)*a - (guchar)*b;
        } else {
            a++;
            b++;
        }
    }
    int by = (guchar)*a - (guchar)*b;
    return by != 0 ? by : strcmp(whole_a, whole_b);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return image_names_compare(*(const char *const *)a, *(const char *const *)b);
}

static gboolean
is_image_file(int folder, const char *path)
{
    int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    gboolean image = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && image_is_known(fd);
    if (fd >= 0) {
        close(fd);
    }
    return image;
}

static gboolean
is_hidden(const char *path)
{
    const char *slash = strrchr(path, '/');
    return (slash != NULL ? slash[1] : path[0]) == '.';
}

gboolean
image_name_is_page(const char *path)
{
    static const char *const suffixes[] = {".png", ".jpg", ".jpeg", ".tif", ".tiff"};
    const char *dot = is_hidden(path) ? NULL : strrchr(path, '.');
    for (guint i = 0; dot != NULL && i < G_N_ELEMENTS(suffixes); i++) {
        if (g_ascii_strcasecmp(dot, suffixes[i]) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
image_is_page(int folder, const char *path)
{
    return image_name_is_page(path) || (!is_hidden(path) && is_image_file(folder, path));
}

gboolean
image_folder_list(const char *folder, GPtrArray *images, GPtrArray *others, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &why);
    const char *name;
    if (dir == NULL) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN, "cannot be opened: %s", why->message);
        return FALSE;
    }
    while ((name = g_dir_read_name(dir)) != NULL) {
        char *path = g_build_filename(folder, name, NULL);
        gboolean regular = g_file_test(path, G_FILE_TEST_IS_REGULAR);
        gboolean image = regular && image_is_page(AT_FDCWD, path);
        g_ptr_array_add(image ? images : others, path);
    }
    g_ptr_array_sort(images, compare_names);
    g_ptr_array_sort(others, compare_names);
    if (images->len == 0) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_OPEN,
                    "is a folder without page images (PNG, JPEG, TIFF)");
        return FALSE;
    }
    return TRUE;
}

char *
image_library_version(void)
{
    char *said = getLeptonicaVersion(); /* "leptonica-1.82.0" */
    const char *dash = said != NULL ? strchr(said, '-') : NULL;
    char *version = g_strdup(dash != NULL ? dash + 1 : said);
    lept_free(said);
    return version;
}

/* ---- the set ---- */

static gboolean
file_is_tiff(const char *path)
{
    guint8 head[4] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    gboolean tiff = fd >= 0 && pread(fd, head, sizeof head, 0) == sizeof head && is_tiff(head);
    if (fd >= 0) {
        close(fd);
    }
    return tiff;
}

static int
frames_in(const char *path)
{
    int frames = 0;
    FILE *file = file_is_tiff(path) ? fopen(path, "rbe") : NULL;
    if (file != NULL && tiffGetCount(file, &frames) != 0) {
        frames = 0;
    }
    g_clear_pointer(&file, fclose);
    return MAX(1, frames);
}

ImageSet *
image_set_new(const GPtrArray *paths)
{
    ImageSet *set = g_new0(ImageSet, 1);
    setMsgSeverity(L_SEVERITY_NONE);
    set->paths = paths;
    set->frames = g_array_new(FALSE, FALSE, sizeof(ImageFrame));
    for (guint i = 0; i < paths->len; i++) {
        int n = frames_in(g_ptr_array_index(paths, i));
        for (int k = 0; k < n && set->frames->len < IMAGE_PAGES_MOST; k++) {
            ImageFrame frame = {i, k};
            g_array_append_val(set->frames, frame);
        }
    }
    return set;
}

void
image_set_free(ImageSet *set)
{
    if (set != NULL) {
        g_array_unref(set->frames);
        g_free(set);
    }
}

guint
image_set_pages(const ImageSet *set)
{
    return set->frames->len;
}

GArray *
image_set_file_pages(const ImageSet *set)
{
    GArray *pages = g_array_sized_new(FALSE, TRUE, sizeof(guint32), set->paths->len);
    g_array_set_size(pages, set->paths->len);
    for (guint i = 0; i < set->frames->len; i++) {
        g_array_index(pages, guint32, g_array_index(set->frames, ImageFrame, i).file)++;
    }
    return pages;
}

static const char *
path_of(const ImageSet *set, guint number)
{
    const ImageFrame *frame = &g_array_index(set->frames, ImageFrame, number - 1);
    return g_ptr_array_index(set->paths, frame->file);
}

const char *
image_set_name(const ImageSet *set, guint number)
{
    const char *path = path_of(set, number), *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* ---- one page ---- */

static gboolean
size_check(int w, int h, GError **error)
{
    if ((double)w * h > IMAGE_PIXELS_MOST) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                    "the image has %d × %d pixels; at most %.0f million are read", w, h,
                    IMAGE_PIXELS_MOST / 1e6);
        return FALSE;
    }
    if (MAX(w, h) > IMAGE_SIDE_MOST) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                    "the image has %d × %d pixels: a side has at most %d", w, h, IMAGE_SIDE_MOST);
        return FALSE;
    }
    if (w < IMAGE_SIDE_LEAST || h < IMAGE_SIDE_LEAST) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                    "the image has %d × %d pixels: too few for a page", w, h);
        return FALSE;
    }
    return TRUE;
}

/* The file's resolution in both directions, 0 where it gives none worth believing. */
static void
said_dpi(PIX *pix, double ret_dpi[2])
{
    ret_dpi[0] = pixGetXRes(pix);
    ret_dpi[1] = pixGetYRes(pix);
    for (int i = 0; i < 2; i++) {
        double inches = (i ? pixGetHeight(pix) : pixGetWidth(pix)) / MAX(1, ret_dpi[i]);
        if (ret_dpi[i] < DPI_LEAST || ret_dpi[i] > DPI_MOST || inches > 200) {
            ret_dpi[0] = ret_dpi[1] = 0;
        }
    }
}

static double
inferred_dpi(PIX *pix)
{
    static const int common[] = {72, 75, 96, 100, 120, 150, 200, 240, 300, 400, 600};
    double dpi = MAX(pixGetWidth(pix), pixGetHeight(pix)) / A4_LONG;
    for (guint i = 0; i < G_N_ELEMENTS(common); i++) {
        if (fabs(dpi - common[i]) <= DPI_NEAR * common[i]) {
            return common[i];
        }
    }
    return CLAMP(dpi, 60, 1200);
}

/* One resolution in both directions: fax has 204 × 98. */
static PIX *
squared(PIX *grey, const double said[2])
{
    if (said[0] == 0 || fabs(said[0] - said[1]) < 0.02 * said[0]) {
        return pixClone(grey);
    }
    double most = MAX(said[0], said[1]);
    return pixScale(grey, (float)(most / said[0]), (float)(most / said[1]));
}

/* What the header says of the size: TRUE if it could be read. */
static gboolean
header_read(const char *path, int frame, int *ret_w, int *ret_h)
{
    return frame == 0
               ? pixReadHeader(path, NULL, ret_w, ret_h, NULL, NULL, NULL) == 0
               : readHeaderTiff(path, frame, ret_w, ret_h, NULL, NULL, NULL, NULL, NULL) == 0;
}

/* Grey of a picture in libtiff's form, premultiplied by alpha,
 * on white. */
static PIX *
grey_of_raster(const l_uint32 *raster, int w, int h)
{
    PIX *grey = pixCreateNoInit(w, h, 8);
    for (int y = 0; grey != NULL && y < h; y++) {
        l_uint32 *row = pixGetData(grey) + (gsize)y * (gsize)pixGetWpl(grey);
        for (int x = 0; x < w; x++) {
            l_uint32 v = raster[(gsize)y * (gsize)w + (gsize)x];
            l_uint32 light = (TIFFGetR(v) * 77 + TIFFGetG(v) * 150 + TIFFGetB(v) * 29) >> 8;
            SET_DATA_BYTE(row, x, (l_uint8)MIN(255, light + 255 - TIFFGetA(v)));
        }
    }
    return grey;
}

static void
take_resolution(TIFF *tiff, PIX *grey)
{
    float x = 0, y = 0;
    guint16 unit = RESUNIT_INCH;
    TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x);
    TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y);
    TIFFGetField(tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
    double inch = unit == RESUNIT_CENTIMETER ? 2.54 : unit == RESUNIT_INCH ? 1 : 0;
    pixSetResolution(grey, (int)round((double)x * inch), (int)round((double)y * inch));
}

/* What leptonica does not read (tiles, planes) or takes for something else (CMYK, for red, green
 * and blue with alpha), by libtiff in 8-bit grey; NULL if it is none of these, or damaged. */
static PIX *
read_odd_tiff(const char *path, int frame)
{
    PIX *grey = NULL;
    guint16 planes = PLANARCONFIG_CONTIG, photometric = 0;
    guint32 w = 0, h = 0;
    TIFF *tiff = TIFFOpen(path, "r");
    if (tiff != NULL && TIFFSetDirectory(tiff, (tdir_t)frame) != 0 &&
        TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &w) && TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &h)) {
        TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
        TIFFGetField(tiff, TIFFTAG_PLANARCONFIG, &planes);
        gboolean odd = TIFFIsTiled(tiff) || planes == PLANARCONFIG_SEPARATE ||
                       photometric == PHOTOMETRIC_SEPARATED;
        g_autofree l_uint32 *raster =
            odd && size_check((int)MIN(w, G_MAXINT), (int)MIN(h, G_MAXINT), NULL)
                ? g_try_new(l_uint32, (gsize)w * h)
                : NULL;
        if (raster != NULL &&
            TIFFReadRGBAImageOriented(tiff, w, h, raster, ORIENTATION_TOPLEFT, 1)) {
            grey = grey_of_raster(raster, (int)w, (int)h);
        }
        if (grey != NULL) {
            take_resolution(tiff, grey);
        }
    }
    g_clear_pointer(&tiff, TIFFClose);
    return grey;
}

static PIX *
read_frame(const char *path, int frame, GError **error)
{
    int w = 0, h = 0;
    gboolean header = header_read(path, frame, &w, &h);
    if (header && !size_check(w, h, error)) {
        return NULL;
    }
    PIX *pix = frame > 0 || file_is_tiff(path) ? read_odd_tiff(path, frame) : NULL;
    if (pix == NULL && header) {
        pix = frame > 0 ? pixReadTiff(path, frame) : pixRead(path);
    }
    if (pix == NULL) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                    "the image is damaged or of a kind that is not read");
    } else if (!size_check(pixGetWidth(pix), pixGetHeight(pix), error)) {
        pixDestroy(&pix);
    }
    return pix;
}

PIX *
image_set_read(const ImageSet *set, guint number, double dpi, double *ret_dpi,
               gboolean *ret_inferred, GError **error)
{
    const ImageFrame *frame = &g_array_index(set->frames, ImageFrame, number - 1);
    g_autoptr(PIX) picture = read_frame(path_of(set, number), frame->frame, error);
    if (picture == NULL) {
        return NULL;
    }
    double said[2];
    said_dpi(picture, said);
    g_autoptr(PIX) grey = raster_grey(picture);
    PIX *square = grey != NULL ? squared(grey, said) : NULL;
    if (square == NULL) {
        g_set_error(error, EXTRACT_ERROR, EXTRACT_ERROR_DAMAGED,
                    "the image is of a kind that is not read, or too large for the memory");
        return NULL;
    }
    *ret_inferred = said[0] == 0 && dpi == 0;
    *ret_dpi = said[0] != 0 ? MAX(said[0], said[1]) : dpi != 0 ? dpi : inferred_dpi(square);
    return square;
}
