namespace Snakepit.Benchmarks.Host.Peers;

/// <summary>A running peer (another way to call Python from .NET) to which arrays are sent.</summary>
internal interface IArrayPeer : IAsyncDisposable
{
    /// <summary>
    /// Sends an array of <paramref name="length"/> <see cref="float"/> to Python and back, <paramref name="count"/> times one after
    /// another, and returns the duration of each call in milliseconds.
    /// </summary>
    Task<double[]> EchoAsync(int length, int count);
}
