using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using Microsoft.AspNetCore.Http;

namespace AgentVine.Worker.Gateway;

/// <summary>Words of the gateway itself, in the form in which the Messages API tells errors.</summary>
internal static class GatewayErrors
{
    public static Task WriteAsync(HttpContext call, int status, string type, string message)
    {
        call.Response.StatusCode = status;
        return call.Response.WriteAsJsonAsync(new { type = "error", error = new { type, message } }, call.RequestAborted);
    }

    /// <summary>A 429 in the provider's words, without asking it again. The agent program is told that trying again is of no use.</summary>
    public static Task WriteLimitAsync(HttpContext call, AccountGate.Closing closing, DateTimeOffset now)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling((closing.Until - now).TotalSeconds));
        call.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteFinalAsync(call, StatusCodes.Status429TooManyRequests, "rate_limit_error", closing.Trouble.Message);
    }

    /// <summary>A refusal for want of money. Claude Code tries a 400 six times, in other forms; a 402 ends its turn at once.</summary>
    public static Task WriteBudgetAsync(HttpContext call, BudgetRefusal refusal) =>
        WriteFinalAsync(call, StatusCodes.Status402PaymentRequired, "billing_error", Words(refusal));

    /// <summary>Which budget is in the way, of how much.</summary>
    public static string Words(BudgetRefusal refusal)
    {
        var whose = refusal.Scope switch
        {
            BudgetScope.Task => "The task's budget",
            BudgetScope.Repository => "The repository's budget of the day",
            BudgetScope.Day => "The budget of the day",
            _ => $"The budget '{VineJson.Name(refusal.Scope)}'",
        };
        var until = refusal.Until is { } moment ? string.Create(CultureInfo.InvariantCulture, $" until {moment.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z") : string.Empty;
        var aside = refusal.SetAsideUsd > 0
            ? string.Create(CultureInfo.InvariantCulture, $", of which ${refusal.SetAsideUsd:0.00####} is kept for other attempts that run or were lost")
            : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{whose} of ${refusal.LimitUsd:0.00####} has no room for another model call{until}: ${refusal.SpentUsd:0.00####} of it is spent or set aside{aside}.");
    }

    private static Task WriteFinalAsync(HttpContext call, int status, string type, string message)
    {
        call.Response.Headers["x-should-retry"] = "false";
        return WriteAsync(call, status, type, message);
    }
}
