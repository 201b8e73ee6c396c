// SPDX-License-Identifier: GPL-2.0-or-later
// A loop and a pattern that the JIT compiles, and a module of WebAssembly
// (an empty one does: what counts is that its engine starts).
function step(sum, i) {
	return (sum * 31 + i) % 1000003;
}
let sum = 0;
for (let i = 0; i < 300000; i++)
	sum = step(sum, i);
if (!/^d(o|x)+ne [0-9]+$/.test("done " + sum))
	throw new Error("the pattern does not match");
new WebAssembly.Instance(new WebAssembly.Module(
	Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])));
console.log("done " + sum);
