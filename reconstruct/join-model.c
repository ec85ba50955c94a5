/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join-model.h"

#include <math.h>
#include <string.h>

#define ORDER_MOST 6
/* More n-grams than this of one order are no model of ours. */
#define GRAMS_MOST 50000000u
/* Symbols of a script taken as one, of numbers and of Latin letters; of a paragraph's ends. */
#define SYMBOL_KANJI 0x6F22
#define SYMBOL_KATAKANA 0x30AB
#define SYMBOL_DIGIT '0'
#define SYMBOL_LETTER 'a'
#define SYMBOL_START 0x02
#define SYMBOL_END 0x03
/* Tuned on the joins of scripts/score-joins that are not held out, in a wide optimum: how many
 * times an n-gram of the document counts and its order; what grammar weighs beside words; Witten
 * and Bell's weight of the types seen; and how many characters there may be that were never seen.
 */
#define OWN_WEIGHT 2.0
#define OWN_ORDER 4u
#define GRAMMAR_WEIGHT 0.7
#define TYPES_WEIGHT 2.0
#define UNSEEN 1000.0
/* Of a document, so much is learnt: a hundred pages. */
#define OWN_MOST 200000u

/* The n-grams of one order, those with the same beginning together, by their last symbol. */
typedef struct {
    guint32 n;
    guint16 *symbol;
    guint8 *count;
    guint32 *child; /* where in the next order those that go on from each begin; n + 1 entries */
    guint8 *rest;
    double *sum; /* the counts of those that go on */
} Grams;

typedef struct {
    guint order;
    Grams grams[ORDER_MOST + 1]; /* from 0, the root */
    double value[256];           /* what a byte says */
} Table;

struct JoinModel {
    Table characters, kinds;
};

/* What was counted of a document: keys are up to four symbols of 16 bits. */
typedef struct {
    guint32 count;      /* of this n-gram */
    guint32 sum, types; /* of those that go on from it */
} Own;

struct DocumentJoins {
    const JoinModel *model;
    GHashTable *own; /* guint64 in place → Own * */
    JoinJudge judge;
};

/* ---- the model's bytes ---- */

typedef struct {
    const guint8 *at, *end;
} Bytes;

static const guint8 *
bytes_take(Bytes *bytes, gsize n)
{
    if ((gsize)(bytes->end - bytes->at) < n) {
        return NULL;
    }
    bytes->at += n;
    return bytes->at - n;
}

static gboolean
take_numbers(Bytes *bytes, guint32 n, guint16 *numbers)
{
    const guint8 *from = bytes_take(bytes, 2 * (gsize)n);
    for (gsize i = 0; from != NULL && i < n; i++) {
        numbers[i] = (guint16)(from[2 * i] | from[2 * i + 1] << 8);
    }
    return from != NULL;
}

static gboolean
take_bytes(Bytes *bytes, guint32 n, guint8 *into)
{
    const guint8 *from = bytes_take(bytes, n);
    if (from != NULL) {
        memcpy(into, from, n);
    }
    return from != NULL;
}

/* Where those that go on from each begin. */
static gboolean
take_children(Bytes *bytes, Grams *grams)
{
    g_autofree guint16 *children = g_new(guint16, grams->n + 1);
    grams->child = g_new0(guint32, grams->n + 1);
    grams->rest = g_new(guint8, grams->n + 1);
    grams->sum = g_new0(double, grams->n + 1);
    if (!take_numbers(bytes, grams->n, children) || !take_bytes(bytes, grams->n, grams->rest)) {
        return FALSE;
    }
    for (guint32 i = 0; i < grams->n; i++) {
        grams->child[i + 1] = grams->child[i] + children[i];
    }
    return TRUE;
}

static void
sum_children(const Table *table, Grams *grams, const Grams *longer)
{
    for (guint32 i = 0; i < grams->n; i++) {
        for (guint32 k = grams->child[i]; k < grams->child[i + 1]; k++) {
            grams->sum[i] += table->value[longer->count[k]];
        }
    }
}

static gboolean
take_grams(Bytes *bytes, Table *table, guint order)
{
    Grams *grams = &table->grams[order];
    const guint8 *size = bytes_take(bytes, 4);
    if (size == NULL) {
        return FALSE;
    }
    guint32 n = size[0] | (guint32)size[1] << 8 | (guint32)size[2] << 16 | (guint32)size[3] << 24;
    const Grams *shorter = &table->grams[order - 1];
    if (n > GRAMS_MOST || (order > 1 && shorter->child[shorter->n] != n) ||
        (gsize)(bytes->end - bytes->at) < 3 * (gsize)n) {
        return FALSE;
    }
    grams->n = n;
    grams->symbol = g_new(guint16, n + 1);
    grams->count = g_new(guint8, n + 1);
    return take_numbers(bytes, n, grams->symbol) && take_bytes(bytes, n, grams->count) &&
           (order == table->order || take_children(bytes, grams));
}

static gboolean
take_table(Bytes *bytes, Table *table)
{
    Grams *root = &table->grams[0];
    const guint8 *head = bytes_take(bytes, 2);
    if (head == NULL || head[0] < 1 || head[0] > ORDER_MOST) {
        return FALSE;
    }
    for (guint b = 0; b < G_N_ELEMENTS(table->value); b++) {
        table->value[b] = exp2(b / 12.0) - 1.0;
    }
    table->order = head[0];
    root->n = 1;
    root->child = g_new0(guint32, 2);
    root->rest = g_memdup2(&head[1], 1);
    root->sum = g_new0(double, 1);
    for (guint order = 1; order <= table->order; order++) {
        if (!take_grams(bytes, table, order)) {
            return FALSE;
        }
        if (order == 1) {
            root->child[1] = table->grams[1].n;
        }
        sum_children(table, &table->grams[order - 1], &table->grams[order]);
    }
    return TRUE;
}

static void
table_clear(Table *table)
{
    for (guint order = 0; order <= ORDER_MOST; order++) {
        Grams *grams = &table->grams[order];
        g_free(grams->symbol);
        g_free(grams->count);
        g_free(grams->child);
        g_free(grams->rest);
        g_free(grams->sum);
    }
}

JoinModel *
join_model_parse(const guint8 *bytes, gsize size)
{
    Bytes rest = {bytes, bytes + size};
    const guint8 *magic = bytes_take(&rest, 4);
    if (magic == NULL || memcmp(magic, "YJN1", 4) != 0) {
        return NULL;
    }
    g_autoptr(JoinModel) model = g_new0(JoinModel, 1);
    gboolean whole = take_table(&rest, &model->characters) && take_table(&rest, &model->kinds) &&
                     rest.at == rest.end;
    return whole ? g_steal_pointer(&model) : NULL;
}

void
join_model_free(JoinModel *model)
{
    if (model != NULL) {
        table_clear(&model->characters);
        table_clear(&model->kinds);
        g_free(model);
    }
}

/* ---- the document's own ---- */

/* As scripts/make-join-model has them. */
static guint16
symbol_of(guint32 c)
{
    if (c >= 0xFF01 && c <= 0xFF5E) {
        c -= 0xFEE0;
    }
    if (c < 0x80 && g_ascii_isdigit((char)c)) {
        return SYMBOL_DIGIT;
    }
    if (c < 0x80 && g_ascii_isalpha((char)c)) {
        return SYMBOL_LETTER;
    }
    return c > 0xFFFF ? 0xFFFD : (guint16)c;
}

static guint16
kind_of(guint16 symbol)
{
    if ((symbol >= 0x4E00 && symbol <= 0x9FFF) || symbol == 0x3005) {
        return SYMBOL_KANJI;
    }
    return symbol >= 0x30A1 && symbol <= 0x30FA ? SYMBOL_KATAKANA : symbol;
}

static guint64
key_of(const guint16 *symbols, guint n)
{
    guint64 key = 0;
    for (guint i = 0; i < n; i++) {
        key = key << 16 | symbols[i];
    }
    return key;
}

static Own *
own_find(GHashTable *own, guint64 key)
{
    Own *entry = g_hash_table_lookup(own, &key);
    if (entry == NULL) {
        guint64 *kept = g_new(guint64, 1);
        *kept = key;
        entry = g_new0(Own, 1);
        g_hash_table_insert(own, kept, entry);
    }
    return entry;
}

/* All n-grams that end with the last of `n` symbols. */
static void
own_count(GHashTable *own, const guint16 *symbols, guint n)
{
    for (guint k = 1; k <= MIN(n, OWN_ORDER); k++) {
        Own *context = own_find(own, key_of(symbols + n - k, k - 1));
        Own *gram = own_find(own, key_of(symbols + n - k, k));
        context->types += gram->count == 0;
        context->sum++;
        gram->count++;
    }
}

static GHashTable *
own_read(const char *text)
{
    GHashTable *own = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    guint16 last[OWN_ORDER];
    guint n = 0;
    guint all = 0;
    for (const char *p = text; *p != '\0' && all < OWN_MOST;
         p = g_utf8_find_next_char(p, NULL), all++) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isspace(c)) {
            n = 0;
            continue;
        }
        if (n == OWN_ORDER) {
            memmove(last, last + 1, (OWN_ORDER - 1) * sizeof *last);
            n--;
        }
        last[n++] = symbol_of(c);
        own_count(own, last, n);
    }
    return own;
}

/* ---- probabilities ---- */

static gboolean
gram_find(const Table *table, guint order, guint32 parent, guint16 symbol, guint32 *ret_index)
{
    const Grams *longer = &table->grams[order];
    guint32 low = table->grams[order - 1].child[parent];
    guint32 high = table->grams[order - 1].child[parent + 1];
    while (low < high) {
        guint32 middle = low + (high - low) / 2;
        if (longer->symbol[middle] < symbol) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_index = low;
    return low < table->grams[order - 1].child[parent + 1] && longer->symbol[low] == symbol;
}

/* What is known of one context: how often it was seen, what is kept for shorter ones, and how often
 * `symbol` followed. */
typedef struct {
    double sum, rest, count;
} Seen;

static void
add_table(const Table *table, const guint16 *context, guint n, guint16 symbol, Seen *seen)
{
    guint32 at = 0;
    if (n >= table->order) {
        return;
    }
    for (guint i = 0; i < n; i++) {
        if (!gram_find(table, i + 1, at, context[i], &at)) {
            return;
        }
    }
    guint32 child = 0;
    if (table->grams[n].sum[at] > 0.0) {
        seen->sum += table->grams[n].sum[at];
        seen->rest += table->value[table->grams[n].rest[at]];
        seen->count += gram_find(table, n + 1, at, symbol, &child)
                           ? table->value[table->grams[n + 1].count[child]]
                           : 0.0;
    }
}

static void
add_own(GHashTable *own, const guint16 *context, guint n, guint16 symbol, Seen *seen)
{
    guint16 gram[OWN_ORDER];
    guint64 key = key_of(context, n);
    const Own *entry = n < OWN_ORDER ? g_hash_table_lookup(own, &key) : NULL;
    if (entry == NULL || entry->sum == 0) {
        return;
    }
    memcpy(gram, context, n * sizeof *gram);
    gram[n] = symbol;
    key = key_of(gram, n + 1);
    const Own *follows = g_hash_table_lookup(own, &key);
    seen->sum += OWN_WEIGHT * entry->sum;
    seen->rest += TYPES_WEIGHT * entry->types;
    seen->count += follows != NULL ? OWN_WEIGHT * follows->count : 0.0;
}

/* P(symbol | the n symbols before it). Table or own may be NULL. */
static double
probability(const Table *table, GHashTable *own, const guint16 *before, guint n, guint16 symbol)
{
    double p = 1.0 / ((table != NULL ? table->grams[1].n : 0) + UNSEEN);
    for (guint k = 0; k <= n; k++) {
        Seen seen = {0.0, 0.0, 0.0};
        if (table != NULL) {
            add_table(table, before + n - k, k, symbol, &seen);
        }
        if (own != NULL) {
            add_own(own, before + n - k, k, symbol, &seen);
        }
        if (!(seen.sum > 0.0)) {
            break;
        }
        p = (seen.count + seen.rest * p) / (seen.sum + seen.rest);
    }
    return p;
}

/* By how much the symbols from `n_left` on are likelier after those before them than by themselves;
 * so far as the longest n-grams reach. */
static double
gain(const Table *table, GHashTable *own, const guint16 *symbols, guint n_left, guint n)
{
    guint reach = MAX(table != NULL ? table->order : 0, own != NULL ? OWN_ORDER : 0) - 1;
    double sum = 0.0;
    for (guint i = n_left; i < MIN(n, n_left + reach); i++) {
        guint context = MIN(i, reach);
        double after = probability(table, own, symbols + i - context, context, symbols[i]);
        double alone = probability(table, own, symbols + n_left, i - n_left, symbols[i]);
        sum += log(after / alone);
    }
    return sum;
}

static double
judge_join(const void *self, const guint32 *left, guint n_left, const guint32 *right, guint n_right)
{
    const DocumentJoins *joins = self;
    guint16 symbols[2 * JOIN_REACH];
    guint n = 0;
    guint from = n_left > JOIN_REACH ? n_left - JOIN_REACH : 0;
    for (guint i = from; i < n_left; i++) {
        symbols[n++] = symbol_of(left[i]);
    }
    if (n_left == 0) {
        symbols[n++] = SYMBOL_START;
    }
    guint start = n;
    for (guint i = 0; i < MIN(n_right, JOIN_REACH); i++) {
        symbols[n++] = symbol_of(right[i]);
    }
    if (n_right == 0) {
        symbols[n++] = SYMBOL_END;
    }
    const Table *characters = joins->model != NULL ? &joins->model->characters : NULL;
    double words = gain(characters, joins->own, symbols, start, n);
    if (joins->model == NULL) {
        return words;
    }
    for (guint i = 0; i < n; i++) {
        symbols[i] = kind_of(symbols[i]);
    }
    return words + GRAMMAR_WEIGHT * gain(&joins->model->kinds, NULL, symbols, start, n);
}

static double
likelihood(const Table *table, GHashTable *own, const guint16 *symbols, guint n)
{
    guint reach = MAX(table != NULL ? table->order : 0, own != NULL ? OWN_ORDER : 0) - 1;
    double sum = 0.0;
    for (guint i = 0; i < n; i++) {
        guint context = MIN(i, reach);
        sum += log(probability(table, own, symbols + i - context, context, symbols[i]));
    }
    return sum;
}

double
document_joins_likelihood(const DocumentJoins *joins, const guint32 *text, guint n)
{
    g_autofree guint16 *symbols = g_new(guint16, n + 1);
    for (guint i = 0; i < n; i++) {
        symbols[i] = symbol_of(text[i]);
    }
    const Table *characters = joins->model != NULL ? &joins->model->characters : NULL;
    double words = likelihood(characters, joins->own, symbols, n);
    for (guint i = 0; i < n; i++) {
        symbols[i] = kind_of(symbols[i]);
    }
    return joins->model != NULL
               ? words + GRAMMAR_WEIGHT * likelihood(&joins->model->kinds, NULL, symbols, n)
               : words;
}

DocumentJoins *
document_joins_new(const JoinModel *model, const char *text)
{
    DocumentJoins *joins = g_new0(DocumentJoins, 1);
    joins->model = model;
    joins->own = own_read(text);
    joins->judge = (JoinJudge){judge_join, joins};
    return joins;
}

void
document_joins_free(DocumentJoins *joins)
{
    if (joins != NULL) {
        g_hash_table_unref(joins->own);
        g_free(joins);
    }
}

const JoinJudge *
document_joins_judge(const DocumentJoins *joins)
{
    return &joins->judge;
}
