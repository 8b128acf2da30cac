using AgentVine.Architecture.Tests.Metadata.Samples.Upper;

namespace AgentVine.Architecture.Tests.Metadata.Samples;

internal sealed class InAField
{
    public Thing? Field = Thing.Make();
}

internal sealed class InAParameter
{
    public static void Take(IReadOnlyList<Thing> things) => _ = things;
}

internal sealed class InALambda
{
    public static Func<object> Make() => () => new Thing();
}

internal sealed class InAnInferredLocal
{
    public static string Make()
    {
        var thing = Thing.Make();
        return thing.Message;
    }
}

internal sealed class InAnAwait
{
    public static async Task<string> MakeAsync() => (await Thing.MakeAsync()).Message;
}

internal sealed class InATypeArgument
{
    public static object Make() => new Dictionary<string, List<Thing[]>>();
}

[Mark]
internal sealed class InAnAttribute;

internal sealed class InABaseType : Thing;

internal sealed class InACatch
{
    public static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Thing)
        {
            return;
        }
    }
}

internal sealed class InATypeOf
{
    public static Type Type => typeof(Thing);
}

internal sealed class Nowhere
{
    public static string Say() => "nothing";
}
