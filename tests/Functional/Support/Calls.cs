namespace Snakepit.Tests.Functional.Support;

/// <summary>Calls tools and asks for results of a type that is known only at run time.</summary>
public static class Calls
{
    public static Task ExecuteAsync(SnakepitPool pool, Type type, string tool, object arguments)
    {
        var execute = typeof(SnakepitPool).GetMethods().Single(method =>
            method is { Name: "ExecuteAsync", IsGenericMethod: true } && method.GetParameters()[1].ParameterType == typeof(object));
        return (Task)execute.MakeGenericMethod(type).Invoke(pool, [tool, arguments, null, default(CancellationToken)])!;
    }
}
