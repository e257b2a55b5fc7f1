using System.Globalization;

namespace Snakepit.Benchmarks.Repository;

/// <summary>Reads what <c>git blame --porcelain</c> prints.</summary>
internal static class Blame
{
    private const int NameLength = 40, ShownLength = 7;

    /// <summary>
    /// Returns the commits that lines are from, each as its short name and its subject, the newest first. Lines older than the range that
    /// was asked for are left out.
    /// </summary>
    public static IReadOnlyList<string> Parse(string output)
    {
        var (changes, commit, time, subject) = (new List<(long Time, string Text)>(), "", 0L, "");
        var isOlder = false;
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith('\t')) // the line of the file, after which the next commit begins
            {
                if (commit.Length > 0 && subject.Length > 0 && !isOlder)
                {
                    var isUncommitted = commit.All(digit => digit == '0');
                    changes.Add((time, isUncommitted ? "lines that are not committed" : $"{commit[..ShownLength]} \"{subject}\""));
                }

                (commit, subject, isOlder) = ("", "", false);
            }
            else if (commit.Length == 0 && line.Length > NameLength && line[NameLength] == ' ')
            {
                commit = line[..NameLength];
            }
            else if (line.Split(' ', 2) is [var key, var value])
            {
                time = key == "committer-time" ? long.Parse(value, CultureInfo.InvariantCulture) : time;
                subject = key == "summary" ? value : subject;
            }
            else
            {
                isOlder |= line == "boundary";
            }
        }

        // Git tells the subject of a commit only with the first of its lines.
        return [.. changes.OrderByDescending(change => change.Time).Select(change => change.Text)];
    }
}
