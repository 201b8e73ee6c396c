// SPDX-License-Identifier: GPL-2.0-or-later
// A loop that the JIT compiles.
public class Loop {
	static long step(long sum, int i) {
		return (sum * 31 + i) % 1000003;
	}

	public static void main(String[] args) {
		long sum = 0;
		for (int i = 0; i < 300000; i++)
			sum = step(sum, i);
		System.out.println("done " + sum);
	}
}
