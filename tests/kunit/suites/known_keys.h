/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Short words for the suites of the known set.
 */
#ifndef WXG_KUNIT_KNOWN_KEYS_H
#define WXG_KUNIT_KNOWN_KEYS_H

#include "known.h"
#include "suites.h"

#define MPROTECT	WXGUARD_CLASS_RWX_MPROTECT
#define MMAP		WXGUARD_CLASS_RWX_MMAP
#define GENERATION	5
#define LONG_WINDOW	1000000

static inline struct wxg_known_key key_of(u64 ino)
{
	struct wxg_known_key key = { .ino = ino, .dev = 8 << 20 | 1 };

	return key;
}

static inline int see(u64 ino, u32 class, s64 now)
{
	struct wxg_known_key key = key_of(ino);

	return wxg_known_insert(&key, NULL, 0, class, 0, GENERATION, now);
}

static inline bool is_there(u64 ino, u32 class, s64 now, u32 window)
{
	struct wxg_known_key key = key_of(ino);

	return wxg_known_lookup(&key, class, now, window);
}

static inline bool refresh_within(u64 ino, u32 class, s64 now, u32 window,
				  u32 generation)
{
	struct wxg_known_key key = key_of(ino);
	bool done;

	rcu_read_lock();
	done = wxg_known_refresh(&key, class, now, window, generation);
	rcu_read_unlock();
	return done;
}

static inline bool refresh(u64 ino, u32 class, s64 now, u32 generation)
{
	return refresh_within(ino, class, now, LONG_WINDOW, generation);
}

static inline int pin(u64 ino, bool pinned)
{
	struct wxg_known_key key = key_of(ino);

	return wxg_known_pin(&key, pinned);
}

/* As user space would give it back: seen for one class. */
static inline struct wxg_known_info info_of(u64 ino, u32 class, s64 seen)
{
	struct wxg_known_info info = { .key = key_of(ino), .first_seen = seen };
	u32 i;

	for (i = 0; i < __WXGUARD_CLASS_MAX; i++)
		info.seen[i] = S64_MIN;
	info.seen[class] = seen;
	info.count = 1;
	info.flags = WXGUARD_KNOWN_F_RESTORED;
	return info;
}

struct looking_for {
	u64 ino;
	bool found;
	struct wxg_known_info info;
};

static inline int look(const struct wxg_known_info *info, void *arg)
{
	struct looking_for *looking = arg;

	if (info->key.ino == looking->ino) {
		looking->found = true;
		looking->info = *info;
	}
	return 0;
}

/* The entry as a dump shows it; ends the test if it is not there. */
static inline void get_info(struct kunit *test, u64 ino,
			    struct wxg_known_info *info)
{
	struct looking_for looking = { .ino = ino };
	u64 cursor = 0;

	KUNIT_ASSERT_EQ(test, wxg_known_walk(&cursor, look, &looking), 0);
	KUNIT_ASSERT_TRUE(test, looking.found);
	*info = looking.info;
}

#endif
