using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Snakepit.Hosting.Configuration;

/// <summary>Checks the settings of pools when the application starts, and names options by their paths in the configuration.</summary>
/// <param name="pools">All pools of the application.</param>
/// <param name="services">The services, among which the configuration is, if the application has one.</param>
internal sealed class SettingsValidator(IEnumerable<PoolRegistration> pools, IServiceProvider services) : IValidateOptions<SnakepitSettings>
{
    public ValidateOptionsResult Validate(string? name, SnakepitSettings options)
    {
        if (pools.FirstOrDefault(pool => pool.OptionsName == name) is not { } pool)
        {
            return ValidateOptionsResult.Skip;
        }

        var made = options.ToOptions(pool.Name, NullLoggerFactory.Instance, TimeProvider.System);
        var faults = made.FindFaults().Concat(options.Environment.FindFaults()).Select(fault => Sentence(pool, fault));
        if (!Enum.IsDefined(options.Startup))
        {
            faults = faults.Append($"{Path(pool, nameof(options.Startup))} must be a defined value, was {options.Startup}.");
        }

        var all = faults.ToList();
        return all.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(all);
    }

    private string Sentence(PoolRegistration pool, OptionFault fault)
    {
        var rule = fault.Rule.Replace("Timeout.InfiniteTimeSpan", "-00:00:00.001 for no limit", StringComparison.Ordinal);
        var was = fault.Value is null or "" ? Missing(pool)
            : $", was {string.Format(CultureInfo.InvariantCulture, "{0}", fault.Value)}";
        return $"{Path(pool, fault.Option.Replace('.', ':'))} must be {rule}{was}.";
    }

    private string Missing(PoolRegistration pool) =>
        pool.Section is null && services.GetService<IConfiguration>() is { } configuration && !configuration.GetSection(pool.Path).Exists()
            ? $", but the configuration has no section {pool.Path}, and no code gives it"
            : ", but is missing";

    private static string Path(PoolRegistration pool, string option) => pool.Path.Length == 0 ? option : $"{pool.Path}:{option}";
}
