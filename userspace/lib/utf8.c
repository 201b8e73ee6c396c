// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UTF-8 by RFC 3629, and which characters may not be shown as they are. Pure.
 */
#include "utf8.h"

#include "text.h"

/*
 * Characters that a reader cannot see, or that change how the text around
 * them is shown: controls, format and bidi characters, fillers, variation
 * selectors, tags, odd blanks, private use. Sorted. From the Unicode
 * categories Cc, Cf, Co, Zl, Zp, Zs (but U+0020) and the property
 * Default_Ignorable_Code_Point.
 */
static const struct {
	uint32_t first, last;
} unsafe[] = {
	{ 0x0000, 0x001f },	{ 0x007f, 0x00a0 },	{ 0x00ad, 0x00ad },
	{ 0x034f, 0x034f },	{ 0x0600, 0x0605 },	{ 0x061c, 0x061c },
	{ 0x06dd, 0x06dd },	{ 0x070f, 0x070f },	{ 0x0890, 0x0891 },
	{ 0x08e2, 0x08e2 },	{ 0x115f, 0x1160 },	{ 0x1680, 0x1680 },
	{ 0x17b4, 0x17b5 },	{ 0x180b, 0x180f },	{ 0x2000, 0x200f },
	{ 0x2028, 0x202f },	{ 0x205f, 0x206f },	{ 0x3000, 0x3000 },
	{ 0x3164, 0x3164 },	{ 0xe000, 0xf8ff },	{ 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff },	{ 0xffa0, 0xffa0 },	{ 0xfff0, 0xfffb },
	{ 0xfffe, 0xffff },	{ 0x110bd, 0x110bd },	{ 0x110cd, 0x110cd },
	{ 0x13430, 0x1343f },	{ 0x1bca0, 0x1bca3 },	{ 0x1d173, 0x1d17a },
	{ 0xe0000, 0xe0fff },	{ 0xf0000, 0x10ffff },
};

bool text_is_unsafe(uint32_t code)
{
	size_t low = 0, high = sizeof(unsafe) / sizeof(unsafe[0]);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code > unsafe[middle].last)
			low = middle + 1;
		else if (code < unsafe[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

size_t utf8_decode(const uint8_t *data, size_t len, uint32_t *code)
{
	/* Smallest code point that needs so many bytes: below is overlong. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need, at;
	uint32_t value;

	if (!len)
		return 0;
	if (data[0] < 0x80) {
		*code = data[0];
		return 1;
	}
	if (data[0] >= 0xc2 && data[0] <= 0xdf) {
		need = 2;
		value = data[0] & 0x1f;
	} else if ((data[0] & 0xf0) == 0xe0) {
		need = 3;
		value = data[0] & 0x0f;
	} else if (data[0] >= 0xf0 && data[0] <= 0xf4) {
		need = 4;
		value = data[0] & 0x07;
	} else {
		return 0;
	}
	if (len < need)
		return 0;
	for (at = 1; at < need; at++) {
		if ((data[at] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (data[at] & 0x3f);
	}
	if (value < least[need] || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code = value;
	return need;
}

size_t utf8_valid(const uint8_t *data, size_t len)
{
	size_t at = 0, step;
	uint32_t code;

	while (at < len) {
		/* Nearly everything is ASCII. */
		if (data[at] && data[at] < 0x80) {
			at++;
			continue;
		}
		step = utf8_decode(data + at, len - at, &code);
		if (!step || !code)
			break;
		at += step;
	}
	return at;
}
