using System.CommandLine;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Conversations;

namespace AgentVine.Cli.Commands.Chat;

/// <summary><c>vine chat</c></summary>
internal sealed class ChatCommand : VineCommand
{
    private readonly Argument<string> _task = Tasks.TaskArgument.Create();
    private readonly Argument<string?> _message = new("message") { Description = "What to tell its agent; without one the conversation is shown", Arity = ArgumentArity.ZeroOrOne };

    public ChatCommand(CommandContext context)
        : base(context, "chat", "Write to a task's agent, or read the conversation")
    {
        Add(_task);
        Add(_message);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var task = await IdFinder.TaskAsync(run, run.Get(_task)!, cancellationToken);
        if (run.Get(_message) is not { } words)
        {
            return await ShowAsync(run, task, cancellationToken);
        }

        var request = new PostMessageRequest { TaskId = task, Content = words };
        var message = await run.Client.PostMessageAsync(request, Guid.NewGuid().ToString("D"), cancellationToken);
        if (run.Json)
        {
            run.WriteData(message);
        }
        else
        {
            run.Painter.Line("stored; its agent reads it as soon as one works on the task", Look.Dim);
        }

        return ExitCode.Ok;
    }

    private static async Task<ExitCode> ShowAsync(CommandRun run, Guid task, CancellationToken cancellationToken)
    {
        var messages = new List<MessageView>();
        string? next = null;
        do
        {
            long? after = messages.Count > 0 ? messages[^1].Sequence : null;
            var page = await run.Client.ListMessagesAsync(task, after, cancellationToken);
            messages.AddRange(page.Items);
            next = page.Items.Count > 0 ? page.Next : null;
        }
        while (next is not null);

        if (run.Json)
        {
            run.WriteData(messages);
        }
        else if (messages.Count == 0)
        {
            run.Note($"nothing was said yet; write with: vine chat {ShortId.Of(task)} \"…\"");
        }

        foreach (var message in run.Json ? [] : messages)
        {
            var (author, style) = message.Author == "agent" ? ("agent ", Look.Tool) : ("person", Look.Person);
            run.Painter.Line((Words.Moment(message.CreatedAt, run.Context.Time), Look.Dim), ($"  {author}{(message is { Author: "person", DeliveredAt: null } ? "  (not read yet)" : "")}", style));
            run.Painter.Block(message.Content, "  ", Look.Plain);
        }

        return ExitCode.Ok;
    }
}
