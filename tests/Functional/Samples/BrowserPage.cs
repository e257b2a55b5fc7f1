using System.Collections.Concurrent;
using PuppeteerSharp;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Samples;

/// <summary>A page in a Chromium without window. Disposing ends Chromium, and fails the test if one of its processes is left.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", // root may not run it otherwise
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ];

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("snakepit-browser-");
    private readonly ProcessTrace _trace = new();
    private readonly ConcurrentQueue<string> _requested = [];
    private readonly ConcurrentQueue<string> _faults = [];
    private IBrowser? _browser;

    private BrowserPage()
    {
    }

    /// <summary>The page, for what this class has no method for.</summary>
    public IPage Page { get; private set; } = null!;

    /// <summary>The addresses that the page has requested.</summary>
    public IReadOnlyCollection<string> Requested => _requested;

    /// <summary>What scripts of the page have thrown and not caught.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public static async Task<BrowserPage> OpenAsync(Uri address)
    {
        var opened = new BrowserPage();
        try
        {
            await opened.StartAsync(address);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>Types a text in place of what is in the field with this label.</summary>
    public async Task TypeAsync(string label, string text)
    {
        var field = await Page.WaitForSelectorAsync($"aria/{label}[role=\"textbox\"]");
        await field.FocusAsync();
        await Page.Keyboard.DownAsync("Control");
        await Page.Keyboard.PressAsync("a");
        await Page.Keyboard.UpAsync("Control");
        await Page.Keyboard.PressAsync("Delete");
        await Page.Keyboard.TypeAsync(text);
    }

    /// <summary>Clicks the button with this name.</summary>
    public async Task ClickAsync(string button) =>
        await (await Page.WaitForSelectorAsync($"aria/{button}[role=\"button\"]")).ClickAsync();

    /// <summary>Waits until the element shows this text.</summary>
    public async Task ShowsAsync(string selector, string text)
    {
        try
        {
            await Page.WaitForFunctionAsync(
                "(selector, text) => document.querySelector(selector).innerText.trim() === text", selector, text);
        }
        catch (WaitTaskTimeoutException)
        {
            var shown = await Page.EvaluateFunctionAsync<string>("selector => document.querySelector(selector).innerText.trim()", selector);
            Assert.Equal(text, shown);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is { } browser)
        {
            await browser.DisposeAsync();
        }

        await _trace.WaitUntilNothingIsLeft();
        _home.Delete(recursive: true);
    }

    private async Task StartAsync(Uri address)
    {
        var options = new LaunchOptions
        {
            ExecutablePath = MachineProgram.Browser.Path,
            Headless = true,
            Args = Arguments,
            UserDataDir = Path.Combine(_home.FullName, "profile"),
            Env = { ["HOME"] = _home.FullName, ["TMPDIR"] = _home.FullName },
            Timeout = 60_000,
        };
        _trace.Tag(options.Env!);
        _browser = await Puppeteer.LaunchAsync(options);
        Page = await _browser.NewPageAsync();
        Page.Request += (_, sent) => _requested.Enqueue(sent.Request.Url);
        Page.PageError += (_, error) => _faults.Enqueue(error.Message);
        await Page.GoToAsync(address.ToString());
    }
}
