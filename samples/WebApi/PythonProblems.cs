using Microsoft.AspNetCore.Diagnostics;
using Snakepit;

namespace WebApi;

/// <summary>
/// Answers requests whose call has failed with problem details (RFC 9457). The client sees the message of a ValueError, with which tools
/// refuse an input. Other messages may have paths and the like in them, so they go to the log only.
/// </summary>
internal sealed partial class PythonProblems(IProblemDetailsService problems, ILogger<PythonProblems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title) = exception switch
        {
            PythonException { PythonType: "ValueError" } => (StatusCodes.Status400BadRequest, "Python refuses the input"),
            CallTimeoutException => (StatusCodes.Status504GatewayTimeout, "Python takes too long"),
            SnakepitException { IsTransient: true } => (StatusCodes.Status503ServiceUnavailable, "Try again later"),
            SnakepitException => (StatusCodes.Status500InternalServerError, "Python has failed"),
            _ => (0, null),
        };
        if (title is null)
        {
            return false; // none of ours: the next handler, or an answer with 500
        }

        if (status >= StatusCodes.Status500InternalServerError)
        {
            LogFailed(context.Request.Path, exception); // ASP.NET logs no exception that a handler has handled
        }

        context.Response.StatusCode = status;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            Exception = exception,
            ProblemDetails =
            {
                Status = status,
                Title = title,
                Detail = exception is PythonException python && status == StatusCodes.Status400BadRequest ? python.PythonMessage : null,
            },
        });
    }

    [LoggerMessage(1, LogLevel.Error, "The call for {Path} has failed")]
    private partial void LogFailed(string path, Exception exception);
}
