<?php
// SPDX-License-Identifier: GPL-2.0-or-later
// A loop that the JIT of opcache compiles, and a pattern for that of PCRE2.
function step(int $sum, int $i): int
{
	return ($sum * 31 + $i) % 1000003;
}
$sum = 0;
for ($i = 0; $i < 300000; $i++) {
	$sum = step($sum, $i);
}
if (!preg_match('/^d(o|x)+ne [0-9]+$/', "done $sum")) {
	exit(1);
}
if (!opcache_get_status()['jit']['on']) {
	fwrite(STDERR, "the JIT is off\n");
	exit(1);
}
echo "done $sum\n";
