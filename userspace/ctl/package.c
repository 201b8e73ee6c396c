// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See package.h: dpkg's lists of files and their sums, searched as bytes. A
 * path may hold anything, and is compared whole. Only reads.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nettle/md5.h>

#include "../lib/exe_file.h"
#include "package.h"

#define LIST_MAX  (32 << 20)	       /* no list comes near */
#define FILE_MAX  (INT64_C(128) << 20) /* the sum of more takes too long */
#define SPELLINGS 2

/* The path, and as it was before /bin and others moved below /usr, or after. */
struct spelt {
	unsigned int count;
	char path[SPELLINGS][PATH_MAX + 8];
};

static bool is_merged(const char *path)
{
	static const char *const folders[] = {
		"/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/"
	};
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!strncmp(path, folders[i], strlen(folders[i])))
			return true;
	return false;
}

static void spell(const char *path, struct spelt *spelt)
{
	spelt->count = 1;
	snprintf(spelt->path[0], sizeof(spelt->path[0]), "%s", path);
	if (is_merged(path))
		snprintf(spelt->path[spelt->count++], sizeof(spelt->path[0]),
			 "/usr%s", path);
	else if (!strncmp(path, "/usr", 4) && is_merged(path + 4))
		snprintf(spelt->path[spelt->count++], sizeof(spelt->path[0]),
			 "%s", path + 4);
}

/* The whole file, malloc'ed, with a newline before it and a NUL behind. */
static char *slurp(int folder, const char *name, size_t *len)
{
	int fd = openat(folder, name,
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat stat;
	char *text = NULL;
	ssize_t got, used = 0;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode) ||
	    stat.st_size > LIST_MAX)
		goto out;
	text = malloc((size_t)stat.st_size + 2);
	if (!text)
		goto out;
	*text = '\n';
	while (used < stat.st_size) {
		got = read(fd, text + 1 + used, (size_t)(stat.st_size - used));
		if (got <= 0)
			break;
		used += got;
	}
	*len = (size_t)used + 1;
	text[*len] = '\0';
out:
	close(fd);
	return text;
}

static bool has_line(const char *text, size_t len, const struct spelt *spelt)
{
	char line[PATH_MAX + 16];
	unsigned int i;

	for (i = 0; i < spelt->count; i++) {
		int size =
			snprintf(line, sizeof(line), "\n%s\n", spelt->path[i]);

		if (memmem(text, len, line, (size_t)size))
			return true;
	}
	return false;
}

/* Into package->name; false if no list has it. */
static bool find_owner(int folder, const struct spelt *spelt,
		       struct package *package)
{
	DIR *dir = fdopendir(dup(folder));
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name), size;
		char *text;

		if (len < 6 || len - 5 >= sizeof(package->name) ||
		    strcmp(entry->d_name + len - 5, ".list"))
			continue;
		text = slurp(folder, entry->d_name, &size);
		found = text && has_line(text, size, spelt);
		free(text);
		if (found)
			snprintf(package->name, sizeof(package->name), "%.*s",
				 (int)(len - 5), entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The sum that the package has for it, 32 digits; false if it has none. */
static bool find_sum(int folder, const struct spelt *spelt, const char *name,
		     char sum[33])
{
	char file[300], line[PATH_MAX + 16];
	const char *at = NULL;
	size_t size;
	char *text;
	unsigned int i;

	snprintf(file, sizeof(file), "%s.md5sums", name);
	text = slurp(folder, file, &size);
	for (i = 0; text && !at && i < spelt->count; i++) {
		int len = snprintf(line, sizeof(line), "  %s\n",
				   spelt->path[i] + 1);

		at = memmem(text, size, line, (size_t)len);
		if (at && at - text < 33)
			at = NULL;
	}
	if (at)
		memcpy(sum, at - 32, 32);
	sum[32] = '\0';
	free(text);
	return at && strspn(sum, "0123456789abcdef") == 32;
}

static int digest_md5(int fd, char hex[33])
{
	uint8_t block[65536], digest[MD5_DIGEST_SIZE];
	struct md5_ctx context;
	ssize_t len;
	int i;

	md5_init(&context);
	while ((len = read(fd, block, sizeof(block))) > 0)
		md5_update(&context, (size_t)len, block);
	if (len < 0)
		return -errno;
	md5_digest(&context, sizeof(digest), digest);
	for (i = 0; i < MD5_DIGEST_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
	return 0;
}

static void compare(const char *root, const char *path, const char *sum,
		    struct package *package)
{
	char whole[2 * PATH_MAX], hex[33];
	struct stat stat;
	int fd;

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	fd = exe_file_open(whole);
	if (fd < 0) {
		snprintf(package->why, sizeof(package->why),
			 "the file cannot be opened (%s)", strerror(-fd));
		return;
	}
	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode) ||
	    stat.st_size > FILE_MAX)
		snprintf(
			package->why, sizeof(package->why),
			"it is no regular file, or too large to be read at once");
	else if (digest_md5(fd, hex))
		snprintf(package->why, sizeof(package->why),
			 "the file cannot be read");
	else
		package->match =
			strcmp(hex, sum) ? PACKAGE_CHANGED : PACKAGE_SAME;
	close(fd);
}

void package_look(const char *root, const char *path, struct package *package)
{
	char info[PATH_MAX], sum[33];
	struct spelt spelt;
	int folder;

	memset(package, 0, sizeof(*package));
	snprintf(info, sizeof(info), "%s/var/lib/dpkg/info", root);
	folder = open(info, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		package_look_rpm(path, package);
		return;
	}
	package->kind = "dpkg";
	/* A name with a line in it would be two lines of a list. */
	if (*path != '/' || strlen(path) >= PATH_MAX || strchr(path, '\n')) {
		snprintf(package->why, sizeof(package->why),
			 "no package has such a name");
		goto out;
	}
	spell(path, &spelt);
	if (!find_owner(folder, &spelt, package))
		snprintf(package->why, sizeof(package->why),
			 "no package has it");
	else if (!find_sum(folder, &spelt, package->name, sum))
		snprintf(package->why, sizeof(package->why),
			 "the package has no sum for it");
	else
		compare(root, path, sum, package);
out:
	close(folder);
}
