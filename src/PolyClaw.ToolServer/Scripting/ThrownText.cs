using Jint.Native;
using Jint.Native.Object;

namespace PolyClaw.ToolServer.Scripting;

/// <summary>A thrown value in words. It reads data alone: a getter or a toString of the tool's is not run again.</summary>
internal static class ThrownText
{
    private const int MostPrototypes = 16;

    public static string Of(JsValue thrown)
    {
        if (thrown is not ObjectInstance)
        {
            return thrown.ToString();
        }

        var name = Data(thrown, "name");
        var message = Data(thrown, "message");
        return (name, message) switch
        {
            (null, null) => "an object that is no Error; throw new Error(\"why\") to say more",
            (null, _) => message,
            (_, null or "") => name,
            _ => $"{name}: {message}",
        };
    }

    private static string? Data(JsValue thrown, string name)
    {
        var depth = 0;
        for (var owner = thrown as ObjectInstance; owner is not null && depth < MostPrototypes; owner = owner.Prototype, depth++)
        {
            if (owner.GetOwnProperty(name).Value is { } value)
            {
                return value is ObjectInstance ? null : value.ToString();
            }
        }

        return null;
    }
}
