using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Snakepit;
using Snakepit.Hosting;
using Snakepit.Hosting.Configuration;
using Snakepit.Hosting.Pools;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds pools of Python workers to an application. They start and stop with its host.</summary>
public static class SnakepitServiceCollectionExtensions
{
    /// <summary>
    /// Adds the pool without a name, which is injected as <see cref="SnakepitPool"/> or <see cref="HostedPool"/>. Its settings come from
    /// the section <c>Snakepit</c> of the configuration, if there is one.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Changes the settings after the configuration was read. Default: null, nothing is changed.</param>
    /// <exception cref="ArgumentException">A pool without a name was added already.</exception>
    public static IServiceCollection AddSnakepit(this IServiceCollection services, Action<SnakepitSettings>? configure = null) =>
        services.Add(new PoolRegistration(null, null), configure);

    /// <summary>Adds the pool without a name, with settings from a section of the configuration that you choose.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="section">The section. If it is missing in the configuration, the start of the application fails.</param>
    /// <param name="configure">Changes the settings after the section was read. Default: null, nothing is changed.</param>
    /// <exception cref="ArgumentException">A pool without a name was added already.</exception>
    public static IServiceCollection AddSnakepit(
        this IServiceCollection services, IConfiguration section, Action<SnakepitSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.Add(new PoolRegistration(null, section), configure);
    }

    /// <summary>
    /// Adds a pool with a name, which is injected with <c>[FromKeyedServices("NAME")]</c>. Its settings come from the section
    /// <c>Snakepit:NAME</c> of the configuration, if there is one.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The name: not the name of an option, without a colon, and unlike other names also if case is ignored.</param>
    /// <param name="configure">Changes the settings after the configuration was read. Default: null, nothing is changed.</param>
    /// <exception cref="ArgumentException">The name is none, or a pool with this name was added already.</exception>
    public static IServiceCollection AddKeyedSnakepit(
        this IServiceCollection services, string name, Action<SnakepitSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return services.Add(new PoolRegistration(name, null), configure);
    }

    /// <summary>Adds a pool with a name, with settings from a section of the configuration that you choose.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The name: not the name of an option, without a colon, and unlike other names also if case is ignored.</param>
    /// <param name="section">The section. If it is missing in the configuration, the start of the application fails.</param>
    /// <param name="configure">Changes the settings after the section was read. Default: null, nothing is changed.</param>
    /// <exception cref="ArgumentException">The name is none, or a pool with this name was added already.</exception>
    public static IServiceCollection AddKeyedSnakepit(
        this IServiceCollection services, string name, IConfiguration section, Action<SnakepitSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(section);
        return services.Add(new PoolRegistration(name, section), configure);
    }

    private static IServiceCollection Add(this IServiceCollection services, PoolRegistration pool, Action<SnakepitSettings>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        pool.AddTo(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<SnakepitSettings>, SettingsBinder>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SnakepitSettings>, SettingsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PoolLifetimes>());
        var options = services.AddOptions<SnakepitSettings>(pool.OptionsName).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (pool.Name is null)
        {
            services.AddSingleton(provider => Create(provider, pool));
            services.AddSingleton(provider => provider.GetRequiredService<HostedPool>().Pool);
        }
        else
        {
            services.AddKeyedSingleton(pool.Name, (provider, _) => Create(provider, pool));
            services.AddKeyedSingleton(pool.Name, (provider, name) => provider.GetRequiredKeyedService<HostedPool>(name).Pool);
        }

        return services;
    }

    private static HostedPool Create(IServiceProvider services, PoolRegistration pool)
    {
        var loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var settings = services.GetRequiredService<IOptionsMonitor<SnakepitSettings>>();
        return new HostedPool(pool.Name, pool.Title, Current, time, loggers.CreateLogger("Snakepit.Hosting"));

        (SnakepitOptions Options, PoolStartup Startup) Current()
        {
            var current = settings.Get(pool.OptionsName);
            return (current.ToOptions(pool.Name, loggers, time), current.Startup);
        }
    }
}
