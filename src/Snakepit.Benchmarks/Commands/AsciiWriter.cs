using System.Text;
using Snakepit.Measurement.Reports;

namespace Snakepit.Benchmarks.Commands;

/// <summary>Writes to a terminal that is not set to UTF-8: symbols are replaced by words and ASCII characters.</summary>
internal sealed class AsciiWriter(TextWriter terminal) : TextWriter
{
    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => terminal.Write(AsciiText.Of($"{value}"));

    public override void Write(char[] buffer, int index, int count) => terminal.Write(AsciiText.Of(new string(buffer, index, count)));

    public override void Write(string? value) => terminal.Write(value is null ? null : AsciiText.Of(value));

    public override void Flush() => terminal.Flush();
}
