/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader on another processor, which stays in its RCU section while the
 * test takes away what it reads.
 */
#ifndef WXG_KUNIT_READER_H
#define WXG_KUNIT_READER_H

#include "suites.h"

/**
 * struct wxg_kunit_reader - what the reader does
 * @enter: look something up and return it; within the RCU section
 * @is_whole: is it still what it was? within the same RCU section
 */
struct wxg_kunit_reader {
	const void *(*enter)(void);
	bool (*is_whole)(const void *thing);
};

/**
 * wxg_kunit_take_from_reader() - run @take while a reader holds on
 *
 * @take may wait for the reader: that leaves a moment after @take began.
 * Skips the test on a machine with one processor.
 */
void wxg_kunit_take_from_reader(struct kunit *test,
				const struct wxg_kunit_reader *reader,
				void (*take)(struct kunit *test));

#endif
