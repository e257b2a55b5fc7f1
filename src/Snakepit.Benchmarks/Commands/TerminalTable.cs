using Spectre.Console;

namespace Snakepit.Benchmarks.Commands;

/// <summary>
/// Prints tables. Where the terminal is too narrow for the rows of a table, each row is printed as a block of lines, one for each cell, so
/// that no word is broken and nothing is left out.
/// </summary>
internal static class TerminalTable
{
    private const int SpaceBetweenColumns = 2;

    /// <summary>Prints a table.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="title">The title; empty for none.</param>
    /// <param name="headers">The headers of the columns. The first column names what the row is about.</param>
    /// <param name="rows">The cells of each row.</param>
    public static void Write(IAnsiConsole console, string title, IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> all = [.. rows];
        var width = Enumerable.Range(0, headers.Count).Select(column => WidthOf(column) + SpaceBetweenColumns).Sum();
        if (width <= console.Profile.Width)
        {
            WriteRows(console, title, headers, all);
        }
        else
        {
            WriteBlocks(console, title, headers, all);
        }

        int WidthOf(int column) => all.Select(row => row[column].Length).Append(headers[column].Length).Max();
    }

    private static void WriteRows(IAnsiConsole console, string title, IReadOnlyList<string> headers, List<IReadOnlyList<string>> rows)
    {
        var table = new Table().SimpleBorder();
        if (title.Length > 0)
        {
            table.Title(title.EscapeMarkup());
        }

        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(header.EscapeMarkup()).NoWrap().Padding(0, 1));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        console.Write(table);
    }

    private static void WriteBlocks(IAnsiConsole console, string title, IReadOnlyList<string> headers, List<IReadOnlyList<string>> rows)
    {
        console.WriteLine(title);
        foreach (var row in rows)
        {
            console.WriteLine(row[0]);
            foreach (var (header, cell) in headers.Zip(row).Skip(1).Where(pair => pair.Second.Length > 0))
            {
                console.Write(new Padder(new Text($"{header}: {cell}")).Padding(2, 0, 0, 0));
            }
        }

        console.WriteLine();
    }
}
