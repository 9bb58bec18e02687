using Microsoft.Playwright;

namespace HmsMesh.Browser.Tests;

/// <summary>The page as a test sees it.</summary>
public sealed class JourneyPage(IPage page, IReadOnlyList<string> complaints) : IAsyncDisposable
{
    public IPage Page { get; } = page;

    /// <summary>Errors and warnings of the console, broken policies among them, and exceptions.</summary>
    public IReadOnlyList<string> Complaints { get; } = complaints;

    public ILocator Card(string facility) => Page.Locator($"[data-facility='{facility}']");

    public ILocator Button(string facility) => Card(facility).GetByRole(AriaRole.Button, new() { Name = "Apply today" });

    public ILocator Full(string facility) => Card(facility).GetByText("No beds free now");

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());
}
