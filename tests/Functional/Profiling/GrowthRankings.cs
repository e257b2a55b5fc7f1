using System.Collections.Immutable;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Tests.Functional.Profiling;

/// <summary>Tests how the functions of two sides are ranked, with made-up profiles.</summary>
public sealed class GrowthRankings
{
    private const int Rounds = 8;
    private const double Calls = 1_000;

    private static readonly Frame Outer = new("Pool.Run", "Snakepit", IsOwn: true);
    private static readonly Frame Inner = new("Pool.Find", "Snakepit", IsOwn: true);
    private static readonly Frame Library = new("Sort", "System.Linq", IsOwn: false);
    private static readonly Frame Kernel = new("libc.so.6", "libc.so.6", IsOwn: false);

    [Fact]
    public void The_function_that_has_become_slower_is_named_with_its_growth_per_call()
    {
        var ranking = Rank(candidate: random => [.. Many(random, 400, Outer), .. Many(random, 300, Outer, Inner)],
            pin: random => [.. Many(random, 400, Outer), .. Many(random, 100, Outer, Inner)]);
        var named = Assert.Single(ranking.Significant);
        Assert.Equal(Inner, named.Function);
        Assert.Equal(200, named.Growth, tolerance: 30); // 200 samples of 1 ms in 1,000 calls
        Assert.Equal(named.Growth, named.Inclusive, tolerance: 1e-9);
        Assert.Equal(200, ranking.Growth, tolerance: 50);
    }

    [Fact]
    public void Nothing_is_named_if_both_sides_do_the_same()
    {
        var named = Enumerable.Range(0, 200).Sum(seed => Rank(Same, Same, seed).Significant.Count());
        Assert.InRange(named, 0, 6); // of 600 functions, some of which chance alone lets grow by 2.5 standard errors

        static IEnumerable<StackSample> Same(Random random) =>
            [.. Many(random, 200, Outer), .. Many(random, 100, Outer, Inner), .. Many(random, 50, Outer, Library)];
    }

    [Fact]
    public void The_cost_of_a_library_is_charged_to_its_caller_and_the_library_is_told()
    {
        var ranking = Rank(candidate: random => Many(random, 300, Outer, Inner, Library), pin: random => Many(random, 100, Outer, Inner));
        var named = Assert.Single(ranking.Significant);
        Assert.Equal((Inner, "System.Linq"), (named.Function, named.Library));
    }

    [Fact]
    public void A_function_of_the_product_that_a_library_calls_bears_its_own_cost()
    {
        var ranking = Rank(candidate: random => Many(random, 300, Outer, Library, Inner, Kernel), pin: random => Many(random, 100, Outer));
        Assert.Equal(Inner, ranking.Functions[0].Function);
        Assert.Equal(0, ranking.Functions.Single(growth => growth.Function == Outer).Candidate);
    }

    [Fact]
    public void Stacks_without_a_function_of_the_product_are_told_as_such()
    {
        var ranking = Rank(candidate: random => Many(random, 300, Kernel), pin: random => Many(random, 100, Kernel));
        var named = Assert.Single(ranking.Significant);
        Assert.Equal(("(outside of the product)", "libc.so.6"), (named.Function.Function, named.Library));
    }

    [Fact]
    public void A_function_of_the_product_comes_before_what_is_spent_outside_of_it()
    {
        var ranking = Rank(
            candidate: random => [.. Many(random, 900, Kernel), .. Many(random, 300, Outer)],
            pin: random => [.. Many(random, 100, Kernel), .. Many(random, 200, Outer)]);
        Assert.Equal(Outer, ranking.Significant.First().Function);
        Assert.Equal(2, ranking.Significant.Count());
    }

    [Fact]
    public void A_recursive_function_is_counted_once_on_each_stack()
    {
        var ranking = Rank(candidate: random => Many(random, 300, Inner, Outer, Inner), pin: random => Many(random, 300, Outer));
        Assert.Equal(300, ranking.Functions.Single(growth => growth.Function == Inner).Inclusive, tolerance: 40);
    }

    [Fact]
    public void Work_is_compared_and_not_time()
    {
        // The candidate does half as much work with the same cost for each call.
        var random = new Random(1);
        var rounds = Enumerable.Range(0, Rounds).Select(_ => new ProfiledRound(
            new Profile([.. Many(random, 200, Outer)], Calls / 2), new Profile([.. Many(random, 400, Outer)], Calls)));
        Assert.Empty(GrowthRanking.Of([.. rounds]).Significant);
    }

    [Fact]
    public void A_growth_that_shows_in_one_round_only_is_not_named()
    {
        var random = new Random(1);
        var rounds = Enumerable.Range(0, Rounds).Select(round => new ProfiledRound(
            new Profile([.. Many(random, round == 3 ? 900 : 100, Outer)], Calls), new Profile([.. Many(random, 100, Outer)], Calls)));
        Assert.Empty(GrowthRanking.Of([.. rounds]).Significant);
    }

    [Fact]
    public void Three_samples_name_nothing()
    {
        var some = new Profile([.. Enumerable.Repeat(new StackSample([Outer], 1_000), 3)], Calls);
        var round = new ProfiledRound(some, new Profile([], Calls));
        Assert.Empty(GrowthRanking.Of([round, round]).Significant);
    }

    [Fact]
    public void One_round_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => GrowthRanking.Of([new ProfiledRound(new([], Calls), new([], Calls))]));
        Assert.StartsWith("1 rounds were profiled, and 2 are needed.", refused.Message, StringComparison.Ordinal);
    }

    private static GrowthRanking Rank(
        Func<Random, IEnumerable<StackSample>> candidate, Func<Random, IEnumerable<StackSample>> pin, int seed = 1)
    {
        var random = new Random(seed);
        return GrowthRanking.Of([.. Enumerable.Range(0, Rounds).Select(_ => new ProfiledRound(
            new Profile([.. candidate(random)], Calls), new Profile([.. pin(random)], Calls)))]);
    }

    /// <summary>Returns samples of 1 ms each, as many as a Poisson variable with a mean has.</summary>
    private static IEnumerable<StackSample> Many(Random random, double mean, params Frame[] frames)
    {
        var stack = frames.ToImmutableArray();
        for (var time = NextWait(); time < mean; time += NextWait())
        {
            yield return new StackSample(stack, 1_000);
        }

        double NextWait() => -Math.Log(1 - random.NextDouble());
    }
}
