// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads and makes the files of keys. Who may have read a secret key, or may
 * write a trusted one, is asked of the open file, not of its name.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nettle/sha2.h>

#include "../lib/text.h"
#include "sign_key.h"
#include "sign_pem.h"

#define KEY_FILE_MAX 4096

static int refuse(char why[SIGN_WHY_MAX], int error, const char *path, const char *said)
{
	char *shown = text_quote(text_bytes(path), 256);

	snprintf(why, SIGN_WHY_MAX, "%s %s", shown ? shown : "?", said);
	free(shown);
	return error;
}

static int refuse_errno(char why[SIGN_WHY_MAX], const char *path, const char *what, int error)
{
	char said[128];

	snprintf(said, sizeof(said), "%s: %s", what, strerror(error));
	return refuse(why, -error, path, said);
}

static void name_key(struct sign_key *key)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha256;
	size_t i;

	sha256_init(&sha256);
	sha256_update(&sha256, sizeof(key->public_key), key->public_key);
	sha256_digest(&sha256, sizeof(digest), digest);
	for (i = 0; i < SIGN_ID_LEN / 2; i++)
		sprintf(key->id + 2 * i, "%02x", digest[i]);
}

/* ---- reading ---- */

/* What the text says cannot be trusted, or kept, when others have these rights. */
static int check_access(int fd, const char *path, bool secret, char why[SIGN_WHY_MAX])
{
	struct stat st;

	if (fstat(fd, &st))
		return refuse_errno(why, path, "cannot be read", errno);
	if (st.st_uid && st.st_uid != geteuid())
		return refuse(why, -EPERM, path, "belongs neither to root nor to you");
	if (secret && st.st_mode & 077)
		return refuse(why, -EPERM, path,
			      "can be read by others than its owner, so anybody may have it: make a new one, or, when you know that nobody has, chmod 600 it");
	if (st.st_mode & 022)
		return refuse(why, -EPERM, path,
			      "can be written by others than its owner: look whose key it is, and chmod go-w it");
	return 0;
}

/* The other half is what it is, whatever the rights of its file. */
static int check_half(const char *path, bool secret, const char *text, size_t len,
		      char why[SIGN_WHY_MAX])
{
	uint8_t other[ED25519_LEN];
	bool is_other = sign_pem_parse(!secret, text, len, other);

	explicit_bzero(other, sizeof(other));
	if (!is_other)
		return 0;
	return refuse(why, -EINVAL, path, secret ?
		      "holds a public key; what signs is the secret one, made with it: the file of the same name without .pub" :
		      "holds a secret key; what is trusted is the public one, made with it: the file of the same name with .pub");
}

static int read_text(int fd, const char *path, char text[KEY_FILE_MAX], size_t *len,
		     char why[SIGN_WHY_MAX])
{
	struct stat st;
	ssize_t got;

	if (fstat(fd, &st))
		return refuse_errno(why, path, "cannot be read", errno);
	if (!S_ISREG(st.st_mode))
		return refuse(why, -EINVAL, path, "is no regular file; a key is one");
	got = read(fd, text, KEY_FILE_MAX);
	if (got < 0)
		return refuse_errno(why, path, "cannot be read", errno);
	*len = (size_t)got;
	return 0;
}

static int read_pem(const char *path, bool secret, uint8_t key[ED25519_LEN],
		    char why[SIGN_WHY_MAX])
{
	int error, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char text[KEY_FILE_MAX];
	size_t len = 0;

	if (fd < 0)
		return refuse_errno(why, path, "cannot be read", errno);
	error = read_text(fd, path, text, &len, why);
	if (!error)
		error = check_half(path, secret, text, len, why);
	if (!error)
		error = check_access(fd, path, secret, why);
	if (!error && !sign_pem_parse(secret, text, len, key))
		error = refuse(why, -EINVAL, path, secret ?
			       "holds no secret Ed25519 key in PEM, as \"wxguard baseline key\" makes it" :
			       "holds no public Ed25519 key in PEM, as \"wxguard baseline key\" makes it");
	explicit_bzero(text, sizeof(text));
	close(fd);
	return error;
}

int sign_secret_read(const char *path, struct sign_secret *secret, char why[SIGN_WHY_MAX])
{
	int error;

	memset(secret, 0, sizeof(*secret));
	error = read_pem(path, true, secret->seed, why);
	if (error)
		return error;
	ed25519_public(secret->seed, secret->key.public_key);
	name_key(&secret->key);
	return 0;
}

void sign_secret_wipe(struct sign_secret *secret)
{
	explicit_bzero(secret, sizeof(*secret));
}

/* ---- making ---- */

static int write_new(const char *path, mode_t mode, const char *text, char why[SIGN_WHY_MAX])
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), error = 0;
	size_t len = strlen(text);
	ssize_t done;

	if (fd < 0 && errno == EEXIST)
		return refuse(why, -EEXIST, path, "is there already, and is kept; give another name");
	if (fd < 0)
		return refuse_errno(why, path, "could not be written", errno);
	errno = 0;
	done = write(fd, text, len);
	if (done != (ssize_t)len || fchmod(fd, mode) || fsync(fd))
		error = errno ? errno : EIO;
	if (close(fd) && !error)
		error = errno;
	if (!error)
		return 0;
	unlink(path);
	return refuse_errno(why, path, "could not be written", error);
}

int sign_key_make(const char *path, struct sign_secret *secret, char why[SIGN_WHY_MAX])
{
	char public_path[PATH_MAX], text[SIGN_PEM_MAX];
	int error;

	if ((size_t)snprintf(public_path, sizeof(public_path), "%s%s", path, SIGN_TRUSTED_END) >=
	    sizeof(public_path))
		return refuse_errno(why, path, "could not be written", ENAMETOOLONG);
	if (getrandom(secret->seed, sizeof(secret->seed), 0) != sizeof(secret->seed))
		return refuse_errno(why, path, "could not be made", errno);
	ed25519_public(secret->seed, secret->key.public_key);
	secret->key.name = NULL;
	name_key(&secret->key);
	sign_pem_print(true, secret->seed, text);
	error = write_new(path, 0600, text, why);
	explicit_bzero(text, sizeof(text));
	if (error)
		return error;
	sign_pem_print(false, secret->key.public_key, text);
	error = write_new(public_path, 0644, text, why);
	if (error)
		unlink(path);
	return error;
}

/* ---- whom to trust ---- */

static int trust_file(const char *path, const char *name, struct sign_trusted *trusted,
		      char why[SIGN_WHY_MAX])
{
	struct sign_key *key, *grown = reallocarray(trusted->key, trusted->count + 1, sizeof(*grown));
	int error;

	if (!grown)
		return refuse_errno(why, path, "cannot be read", ENOMEM);
	trusted->key = grown;
	key = &grown[trusted->count];
	error = read_pem(path, false, key->public_key, why);
	if (error)
		return error;
	name_key(key);
	key->name = strdup(name);
	trusted->count++;
	return 0;
}

static int is_key(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name), end = strlen(SIGN_TRUSTED_END);

	return entry->d_name[0] != '.' && len > end &&
	       !strcmp(entry->d_name + len - end, SIGN_TRUSTED_END);
}

/* Whoever can write it can put a key there. */
static int check_folder(const char *dir, const struct stat *st, char why[SIGN_WHY_MAX])
{
	if (st->st_uid && st->st_uid != geteuid())
		return refuse(why, -EPERM, dir, "belongs neither to root nor to you");
	if (st->st_mode & 022)
		return refuse(why, -EPERM, dir,
			      "can be written by others than its owner: look whose keys are in it, and chmod go-w it");
	return 0;
}

static int trust_folder(const char *dir, struct sign_trusted *trusted, char why[SIGN_WHY_MAX])
{
	struct dirent **list = NULL;
	int i, error = 0, count = scandir(dir, &list, is_key, alphasort);
	char path[PATH_MAX];

	if (count < 0)
		return refuse_errno(why, dir, "cannot be read", errno);
	for (i = 0; i < count; i++) {
		if (!error && (size_t)snprintf(path, sizeof(path), "%s/%s", dir,
					       list[i]->d_name) >= sizeof(path))
			error = refuse_errno(why, dir, "cannot be read", ENAMETOOLONG);
		if (!error)
			error = trust_file(path, list[i]->d_name, trusted, why);
		free(list[i]);
	}
	free(list);
	return error;
}

int sign_trusted_read(const char *path, struct sign_trusted *trusted, char why[SIGN_WHY_MAX])
{
	const char *from = path ? path : SIGN_TRUSTED_DIR;
	struct stat st;
	int error;

	memset(trusted, 0, sizeof(*trusted));
	if (stat(from, &st))
		return errno == ENOENT && !path ? 0 :
		       refuse_errno(why, from, "cannot be read", errno);
	if (S_ISDIR(st.st_mode)) {
		error = check_folder(from, &st, why);
		if (!error)
			error = trust_folder(from, trusted, why);
	} else {
		error = trust_file(from, from, trusted, why);
	}
	if (error)
		sign_trusted_free(trusted);
	return error;
}

void sign_trusted_free(struct sign_trusted *trusted)
{
	size_t i;

	for (i = 0; i < trusted->count; i++)
		free(trusted->key[i].name);
	free(trusted->key);
	memset(trusted, 0, sizeof(*trusted));
}
