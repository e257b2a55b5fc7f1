using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Snakepit.Hosting;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the tables of options, exceptions and log lines in documents are correct and complete.</summary>
public sealed class DocumentTables
{
    private static readonly Assembly[] Libraries = [typeof(SnakepitPool).Assembly, typeof(HostedPool).Assembly];

    private static readonly Type[] Enumerations =
        [.. Libraries.SelectMany(library => library.GetExportedTypes()).Where(type => type.IsEnum)];

    private static readonly IReadOnlyList<(Document Document, Table Table)> Tables =
        [.. Document.All.SelectMany(document => document.Tables.Select(table => (document, table)))];

    [Theory]
    [InlineData(typeof(SnakepitOptions))]
    [InlineData(typeof(CallOptions))]
    [InlineData(typeof(SnakepitHealthOptions))]
    [InlineData(typeof(RequirementsEnvironment))]
    public void Every_option_has_one_row_with_its_real_default(Type options)
    {
        var rows = Tables.Where(one => one.Table.Head is [var type, "default", ..] && type == $"`{options.Name}`")
            .SelectMany(one => one.Table.Rows.Select(row => $"{row[0].Trim('`')}: {row[1].Trim('`')}"));
        var instance = options == typeof(SnakepitOptions) ? new SnakepitOptions { Adapter = "" }
            : options == typeof(RequirementsEnvironment) ? PythonEnvironment.FromRequirements("requirements.txt")
            : Activator.CreateInstance(options)!;
        Assert.Equal(DefaultsOf(instance, "").Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_exception_has_a_row_and_is_as_transient_as_that_says()
    {
        var rows = Tables.Where(one => one.Table.Head is ["exception", "transient", ..])
            .SelectMany(one => one.Table.Rows.Select(row => $"{row[0].Trim('`')}: {row[1]}")).Distinct();
        var exceptions = typeof(SnakepitException).Assembly.GetExportedTypes()
            .Where(type => type.IsAssignableTo(typeof(SnakepitException)) && !type.IsAbstract)
            .Select(type => $"{type.Name}: {(IsTransient(type) ? "yes" : "no")}");
        Assert.Equal(exceptions.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_log_line_has_a_row_with_its_level()
    {
        var rows = Tables.Where(one => one.Table.Head is ["event", "level", ..])
            .SelectMany(one => one.Table.Rows.Select(row => $"{row[0]}: {row[1]}"));
        var lines = Lines().Select(line => $"{line.EventId}: {(line.Level == LogLevel.None ? "that of the line" : line.Level)}");
        Assert.Equal(lines.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_of_log_lines_quotes_each_of_them()
    {
        var table = Tables.Single(one => one.Table.Head is ["event", "level", ..]).Table;
        var wrong = from row in table.Rows
                    let line = Lines().SingleOrDefault(line => line.EventId == int.Parse(row[0], CultureInfo.InvariantCulture))
                    from part in Quotes.PartsOf(row[2])
                    where line?.Message.Contains(part, StringComparison.Ordinal) != true
                    select $"event {row[0]} is \"{line?.Message}\", which does not contain \"{part}\"";
        Problems.AreNone(wrong);
    }

    [Fact]
    public void A_table_of_an_enumeration_has_a_row_for_each_value()
    {
        var wrong = from one in Tables
                    let type = Enumerations.SingleOrDefault(type => $"`{type.Name}`" == one.Table.Head[0])
                    where type is not null && !Enum.GetNames(type).SequenceEqual(one.Table.Rows.Select(row => row[0].Trim('`')))
                    select $"{one.Document}: {type.Name}";
        Problems.AreNone(wrong);
    }

    /// <summary>Returns <c>IsTransient</c> of an exception type. It does not depend on the constructor, so none is called.</summary>
    private static bool IsTransient(Type type) => ((SnakepitException)RuntimeHelpers.GetUninitializedObject(type)).IsTransient;

    private static IEnumerable<LoggerMessageAttribute> Lines() => Libraries.SelectMany(library => library.GetTypes())
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
        .OfType<LoggerMessageAttribute>();

    /// <summary>Returns each option with its default value, as tables write it. A nested option is written as Outer.Inner.</summary>
    private static IEnumerable<string> DefaultsOf(object options, string prefix) => options.GetType()
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .SelectMany(property => IsNested(property)
            ? DefaultsOf(property.GetValue(options)!, $"{property.Name}.")
            : [$"{prefix}{property.Name}: {InWords(property, property.GetValue(options))}"]);

    private static bool IsNested(PropertyInfo property) =>
        property.PropertyType.Namespace == "Snakepit" && property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal);

    private static string InWords(PropertyInfo property, object? value) => value switch
    {
        _ when property.IsDefined(typeof(RequiredMemberAttribute)) => "required",
        int workers when property.Name == nameof(SnakepitOptions.Workers) =>
            workers == Environment.ProcessorCount ? "one for each processor" : $"{workers}",
        null or NullLoggerFactory => "none",
        TimeProvider => "the system's",
        bool flag => flag ? "true" : "false",
        TimeSpan time => InWords(time),
        int bytes when property.Name.EndsWith("Bytes", StringComparison.Ordinal) => $"{bytes / 1024 / 1024} MiB",
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        IEnumerable<string> words => words.Any() ? string.Join(", ", words) : "empty",
        IEnumerable items and not string => items.Cast<object>().Any() ? "not empty" : "empty",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string InWords(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? "without limit"
        : time.TotalHours >= 1 ? $"{time.TotalHours} h"
        : $"{time.TotalSeconds} s";
}
