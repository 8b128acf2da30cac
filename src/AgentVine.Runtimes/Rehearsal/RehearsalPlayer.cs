using System.Globalization;
using System.Text.Json;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>Plays the steps of a turn.</summary>
internal sealed class RehearsalPlayer(
    AgentLaunch launch, RehearsalMemory memory, TimeProvider timeProvider, PendingAnswers pending, RehearsedCommands commands, Func<AgentSignal, ValueTask> signal)
{
    /// <summary>What was said last: the turn's summary.</summary>
    public string? LastSaid { get; private set; }

    public ValueTask SayAsync(string text)
    {
        LastSaid = text;
        return signal(new AgentOutput(OutputKind.Text, text, Raw: null));
    }

    /// <returns>Null when all was played, else the failure that ended it.</returns>
    public Task<TaskError?> PlayAsync(IReadOnlyList<RehearsalStep> steps, CancellationToken cancellationToken) => PlayAsync(steps, "", cancellationToken);

    private async Task<TaskError?> PlayAsync(IReadOnlyList<RehearsalStep> steps, string within, CancellationToken cancellationToken)
    {
        for (var number = 0; number < steps.Count; number++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{within}{number}");
            if (memory.IsDone(place))
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (await PlayAsync(steps[number], place, cancellationToken) is { } failure)
            {
                return failure;
            }

            memory.Do(place);
            if (steps[number] is RehearsalStep.Write or RehearsalStep.Run)
            {
                await signal(new AgentWrote(steps[number].GetType().Name));
            }
        }

        return null;
    }

    private async Task<TaskError?> PlayAsync(RehearsalStep step, string place, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case RehearsalStep.Say say:
                await SayAsync(say.Text);
                return null;
            case RehearsalStep.Write write:
                return await WriteAsync(write, cancellationToken);
            case RehearsalStep.Run run:
                return await RunAsync(run, cancellationToken);
            case RehearsalStep.Ask ask:
                await AskAsync(ask.Question, place, cancellationToken);
                return null;
            case RehearsalStep.AskPermission permission:
                return await AskPermissionAsync(permission, place, cancellationToken);
            case RehearsalStep.Wait wait:
                await Task.Delay(wait.Time, timeProvider, cancellationToken);
                return null;
            case RehearsalStep.Fail fail:
                return new TaskError { Kind = fail.Kind, Message = fail.Message, RetryAt = timeProvider.GetUtcNow() + fail.RetryAfter };
            case RehearsalStep.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken);
                return null;
            default:
                throw new InvalidOperationException($"The step {step.GetType().Name} has nobody who plays it.");
        }
    }

    private async Task<TaskError?> WriteAsync(RehearsalStep.Write write, CancellationToken cancellationToken)
    {
        await signal(new AgentOutput(OutputKind.ToolUse, $"write {write.Path}", Raw: null));
        if (launch.ReadOnly)
        {
            return Permanent($"The playbook writes '{write.Path}', and this task may change nothing. Take the step out of the playbook.");
        }

        try
        {
            await ClonedFiles.WriteAsync(launch.WorkingDirectory, write.Path, write.Content, cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Permanent($"The playbook's file '{write.Path}' could not be written: {exception.Message}");
        }
    }

    private async Task<TaskError?> RunAsync(RehearsalStep.Run run, CancellationToken cancellationToken)
    {
        await signal(new AgentOutput(OutputKind.ToolUse, $"$ {run.CommandLine}", Raw: null));
        try
        {
            var exitCode = await commands.RunAsync(
                run.CommandLine, line => signal(new AgentOutput(OutputKind.ToolResult, line, Raw: null)), cancellationToken);
            if (exitCode != 0)
            {
                await SayAsync(string.Create(CultureInfo.InvariantCulture, $"The command ended with exit code {exitCode}."));
            }

            return null;
        }
        catch (AgentLaunchException exception)
        {
            return new TaskError { Kind = exception.Kind, Message = exception.Message };
        }
    }

    private async Task AskAsync(RequestQuestion question, string place, CancellationToken cancellationToken)
    {
        if (memory.WasAsked(place))
        {
            // The question went with the run that asked it; what the first turn of this one says is all the answer there is.
            await SayAsync($"I was answered: {launch.Instructions}");
            return;
        }

        memory.Ask(place);
        var (requestId, answered) = pending.Open();
        await signal(new AgentAsked(requestId, RequestKind.Question, question.Header ?? question.Question, Questions: [question]));
        var answer = await answered.WaitAsync(cancellationToken);

        var text = answer.Answers?.GetValueOrDefault(question.Question) ?? answer.Text ?? string.Join(", ", answer.Answers?.Values ?? []);
        await SayAsync($"I was answered: {text}");
    }

    private async Task<TaskError?> AskPermissionAsync(RehearsalStep.AskPermission permission, string place, CancellationToken cancellationToken)
    {
        if (!memory.IsGranted(permission.Tool) && !memory.IsAllowed(place))
        {
            var (requestId, answered) = pending.Open();
            var tool = new RequestTool { Name = permission.Tool, Input = permission.Input, Summary = Summary(permission.Input) };
            await signal(new AgentAsked(requestId, RequestKind.Permission, $"{tool.Name}: {tool.Summary}", Tool: tool));
            var answer = await answered.WaitAsync(cancellationToken);
            if (answer.Decision is not (AnswerDecision.Allow or AnswerDecision.Approve))
            {
                await SayAsync($"I may not use {permission.Tool}: {answer.Reason ?? answer.Comment ?? "no reason was given"}");
                return null;
            }

            if (answer.Scope == GrantScope.Session)
            {
                memory.Grant(permission.Tool);
            }

            var changed = answer.UpdatedInput is { } input ? $" with {input.GetRawText()}" : "";
            memory.Allow(place);
            await SayAsync($"I may use {permission.Tool}{changed}.");
        }

        return await PlayAsync(permission.Then, place + ".", cancellationToken);
    }

    private static string Summary(JsonElement input)
    {
        string[] telling = ["command", "file_path", "path", "url"];
        var member = input.ValueKind == JsonValueKind.Object
            ? telling.FirstOrDefault(name => input.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            : null;
        return member is null ? input.GetRawText() : input.GetProperty(member).GetString()!;
    }

    private static TaskError Permanent(string message) => new() { Kind = FailureKind.Permanent, Message = message };
}
