namespace Snakepit.Tests.Functional.Conventions.Documents;

internal static class Problems
{
    /// <summary>Fails with all problems, one a line: xUnit's own message would cut them short.</summary>
    public static void AreNone(IEnumerable<string> problems)
    {
        var all = problems.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all.Prepend("What a document says is not so:")));
    }
}
