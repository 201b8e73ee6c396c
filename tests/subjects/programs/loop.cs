// SPDX-License-Identifier: GPL-2.0-or-later
// A loop that the JIT compiles.
public static class Loop
{
	static long Step(long sum, int i)
	{
		return (sum * 31 + i) % 1000003;
	}

	public static void Main()
	{
		long sum = 0;
		for (int i = 0; i < 300000; i++)
			sum = Step(sum, i);
		System.Console.WriteLine("done " + sum);
	}
}
