using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Snakepit.Memory;
using Snakepit.Payloads.Arrays;

namespace Snakepit;

/// <summary>
/// An array in memory that this process and its workers share. It is an argument or a result like other arrays, but is never copied: in
/// Python it is a read-only <c>numpy.ndarray</c> or <c>memoryview</c> of the same memory. So an array that is made once can be passed to
/// many calls of many workers. It must be disposed, which gives the memory back as soon as no call uses it any more. The array stays
/// valid when the worker that has returned it ends. Spans over the array must not be used after it was disposed.
/// </summary>
/// <typeparam name="T">The type of the elements: a number type of at most 64 bits, <see cref="bool"/>, or <c>Complex</c>.</typeparam>
[JsonConverter(typeof(SharedArrayJsonConverter))]
public sealed class SharedArray<T> : IDisposable
    where T : unmanaged
{
    private readonly int[] _shape;
    private readonly string? _origin = SharedMemory.TracksOrigins ? Environment.StackTrace : null;
    private SharedRange? _range;

    /// <summary>Creates an array of zeros, to which this process can write.</summary>
    /// <param name="shape">
    /// The length of each dimension, outermost first. The elements lie one after the other; the index of the last dimension changes
    /// fastest.
    /// </param>
    /// <exception cref="ArgumentException">There is no dimension, or elements of this type cannot be sent.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative, or the array would have 2 GiB or more.</exception>
    /// <exception cref="SharedMemoryLimitException"><see cref="SharedMemory.Limit"/> does not leave so much.</exception>
    /// <exception cref="PlatformNotSupportedException">The system has no shared memory, or its limit is 0.</exception>
    public SharedArray(params ReadOnlySpan<int> shape)
    {
        _shape = shape.ToArray();
        try
        {
            _range = HostMemory.OfProcess.Take(RequireLength(shape)) ?? throw new PlatformNotSupportedException(
                $"There is no shared memory: {nameof(SharedMemory)}.{nameof(SharedMemory.Limit)} is 0, or the system allows no memory "
                + "files (memfd_create).");
            _range.GetSpan().Clear();
        }
        catch
        {
            GC.SuppressFinalize(this);
            throw;
        }
    }

    /// <summary>Makes an array of a range, of which it becomes a user.</summary>
    internal SharedArray(SharedRange range, int[] shape) => (_range, _shape) = (range, shape);

    /// <summary>Gives the memory back that nobody has disposed, and reports that.</summary>
    ~SharedArray()
    {
        if (_range is { } range)
        {
            range.Release();
            SharedMemory.ReportLeak(new SharedArrayLeak(typeof(T), [.. _shape], _origin));
        }
    }

    /// <summary>The length of each dimension, outermost first.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The number of elements.</summary>
    public int Length => AsReadOnlySpan().Length;

    /// <summary>Whether the memory belongs to a worker, so that this process can only read it.</summary>
    public bool IsReadOnly => Range is not HostRange;

    /// <summary>The memory of the elements.</summary>
    /// <exception cref="ObjectDisposedException">The array was disposed.</exception>
    internal SharedRange Range => _range ?? throw new ObjectDisposedException(ToString());

    private nint[] Lengths => Array.ConvertAll(_shape, static length => (nint)length);

    /// <summary>
    /// Returns the elements for writing. Calls that run at the same time may see what is written, whole or in part.
    /// </summary>
    /// <exception cref="InvalidOperationException">The array is read-only.</exception>
    /// <exception cref="ObjectDisposedException">The array was disposed.</exception>
    public Span<T> AsSpan() => IsReadOnly
        ? throw new InvalidOperationException($"{this} lies in the memory of a worker, so it is read-only. Copy it to write to it.")
        : MemoryMarshal.Cast<byte, T>(Range.GetSpan());

    /// <summary>Returns the elements.</summary>
    /// <exception cref="ObjectDisposedException">The array was disposed.</exception>
    public ReadOnlySpan<T> AsReadOnlySpan() => MemoryMarshal.Cast<byte, T>(Range.GetSpan());

    /// <summary>Returns the elements in the shape of the array, for writing.</summary>
    /// <inheritdoc cref="AsSpan"/>
    public TensorSpan<T> AsTensorSpan() => new(AsSpan(), Lengths);

    /// <summary>Returns the elements in the shape of the array.</summary>
    /// <exception cref="ObjectDisposedException">The array was disposed.</exception>
    public ReadOnlyTensorSpan<T> AsReadOnlyTensorSpan() => new(AsReadOnlySpan(), Lengths);

    /// <summary>Returns a description, such as "SharedArray of Single with shape (2, 3)".</summary>
    public override string ToString() => $"{nameof(SharedArray<>)} of {typeof(T).Name} with shape ({string.Join(", ", _shape)})";

    /// <summary>Lets go of the memory. Calls to which the array was passed go on with it. Has no effect the second time.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _range, null) is { } range)
        {
            range.Release();
            GC.SuppressFinalize(this);
        }
    }

    private static int RequireLength(ReadOnlySpan<int> shape)
    {
        if (!ElementKind.TryGet(typeof(T), out _))
        {
            throw new ArgumentException($"Elements of the type {typeof(T)} cannot be sent.");
        }

        if (shape.IsEmpty)
        {
            throw new ArgumentException("An array has at least one dimension.", nameof(shape));
        }

        Int128 bytes = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        foreach (var length in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(shape));
            bytes = Int128.Min(bytes * length, long.MaxValue);
        }

        return bytes <= int.MaxValue
            ? (int)bytes
            : throw new ArgumentOutOfRangeException(
                nameof(shape), $"An array has less than 2 GiB; ({string.Join(", ", shape.ToArray())}) of {typeof(T).Name} has more.");
    }
}

/// <summary>Makes arrays in memory that this process and its workers share.</summary>
public static class SharedArray
{
    /// <summary>Creates an array and copies elements to it.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="elements">The elements.</param>
    /// <param name="shape">The length of each dimension; none for one dimension.</param>
    /// <exception cref="ArgumentException">There are more or fewer elements than the shape has.</exception>
    /// <inheritdoc cref="SharedArray{T}(ReadOnlySpan{int})"/>
    public static SharedArray<T> CopyOf<T>(ReadOnlySpan<T> elements, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        var made = new SharedArray<T>(shape.IsEmpty ? [elements.Length] : shape);
        if (made.Length == elements.Length)
        {
            elements.CopyTo(made.AsSpan());
            return made;
        }

        using (made)
        {
            throw new ArgumentException($"{made} has {made.Length:N0} elements, and {elements.Length:N0} were given.", nameof(shape));
        }
    }
}
