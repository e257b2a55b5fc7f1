using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Snakepit.Hosting.Configuration;

/// <summary>Binds the settings of pools to their sections of the configuration.</summary>
/// <param name="pools">All pools of the application.</param>
/// <param name="services">The services, among which the configuration is, if the application has one.</param>
internal sealed class SettingsBinder(IEnumerable<PoolRegistration> pools, IServiceProvider services)
    : IConfigureNamedOptions<SnakepitSettings>
{
    public void Configure(SnakepitSettings options) => Configure(Options.DefaultName, options);

    /// <inheritdoc/>
    /// <exception cref="OptionsValidationException">The section has keys or values that cannot be bound; the message names all.</exception>
    public void Configure(string? name, SnakepitSettings options)
    {
        if (pools.FirstOrDefault(pool => pool.OptionsName == name) is not { } pool || SectionOf(pool) is not { } section)
        {
            return;
        }

        if (pool.Section is IConfigurationSection given && !given.Exists())
        {
            throw Invalid([$"{pool.Title} is bound to the section {pool.Path}, which is missing in the configuration."]);
        }

        var faults = SectionFaults.Of(section, pool.Path, key => pool is { Name: null, Section: null } && IsPool(key));
        if (faults.Count > 0)
        {
            throw Invalid(faults);
        }

        try
        {
            Bind(section, options);
        }
        catch (InvalidOperationException exception) // a value of the wrong type; the message has its path
        {
            throw Invalid([$"{exception.Message}{(exception.InnerException is { } reason ? $" {reason.Message}" : "")}"]);
        }

        OptionsValidationException Invalid(IEnumerable<string> problems) => new(pool.OptionsName, typeof(SnakepitSettings), problems);
    }

    // The compiler generates the code that binds a section to the type of the parameter, so this type has nothing that only code can give.
    private static void Bind(IConfiguration section, ConfigurableSettings settings) => section.Bind(settings);

    private IConfiguration? SectionOf(PoolRegistration pool) =>
        pool.Section ?? services.GetService<IConfiguration>()?.GetSection(pool.Path);

    private bool IsPool(string key) => pools.Any(pool => string.Equals(pool.Name, key, StringComparison.OrdinalIgnoreCase));
}
