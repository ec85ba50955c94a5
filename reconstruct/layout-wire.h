/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Layout as bytes, for pipes and spools between processes of one program on one machine.
 */
#pragma once

#include "layout.h"

/* Appends the layout to `out`. */
void layout_write_wire(const Layout *layout, GByteArray *out);

/* NULL if the bytes do not hold together. */
Layout *layout_read_wire(const Page *page, const guint8 *data, gsize size);
